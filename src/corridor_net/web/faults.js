// Errors beside the fields they are about; what has no place is shown above.

import { store } from "./bench.js";
import { banner, Refused, serverIsGone } from "./server.js";
import { keyOf, placeOf } from "./state.js";

let above = false;

/** The places of the page where an error is shown, the nearest first, and the key of the change it is about. */
function placesOf(where) {
  const parts = where.split(".");
  let key = null;
  if (parts[0] === "scenarios" && parts[2] === "changes") {
    const scenario = store.state.scenarios[Number(parts[1])];
    const place = scenario ? placeOf(scenario, Number(parts[3])) : parts[3];
    parts[3] = String(place);
    if (scenario?.changes[place] && Number(parts[1]) === store.state.active) key = keyOf(scenario.changes[place]);
  }
  const told = `${parts.join(".")}.`;
  const found = [...document.querySelectorAll("[data-where]")].filter((one) => told.startsWith(`${one.dataset.where}.`));
  return [found.sort((a, b) => b.dataset.where.length - a.dataset.where.length)[0], key, parts];
}

function mark(box, words, column) {
  const fault = box.matches(".fault") ? box : box.querySelector(".fault");
  if (fault) fault.textContent = words;
  const around = box.matches(".fault") ? box.parentElement : box;
  const field = (column && around.querySelector(`[data-column="${column}"]`)) || around.querySelector("input:not([type=checkbox]), select");
  if (!field) return;
  field.setAttribute("aria-invalid", "true");
  if (fault) {
    fault.id ||= `fault-${(mark.count = (mark.count || 0) + 1)}`;
    field.setAttribute("aria-describedby", fault.id);
  }
}

export function clearFaults() {
  document.querySelectorAll(".fault[data-where], .edit .fault").forEach((place) => (place.textContent = ""));
  document.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
}

/** Shows each error beside the field or the change it is about; what has no place is shown above. */
export function showFaults(errors) {
  if (above && !serverIsGone()) banner("");
  clearFaults();
  const left = [];
  for (const error of errors) {
    const words = error.hint ? `${error.message} (${error.hint})` : error.message;
    const [place, key, parts] = placesOf(error.where || "");
    if (!place) left.push(words);
    else mark(place, words, parts[4] === "row" ? parts[5] : null);
    if (key) document.querySelectorAll(".edit[data-key]").forEach((box) => box.dataset.key === key && mark(box, words));
  }
  if (left.length) banner(left.join("; "));
  above = left.length > 0;
}

/** Does work whose refusal is shown. */
export async function attempt(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.errors.length) showFaults(error.errors);
  }
}
