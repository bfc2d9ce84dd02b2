// Asking the server, the bar that tells what is the matter, and files that are taken along.

import { byId, store } from "./bench.js";
import { h, t } from "./dom.js";
import { asked } from "./state.js";

export class Refused extends Error {
  constructor(errors) {
    super(errors.map((error) => error.message).join("; "));
    this.errors = errors;
  }
}

export const language = document.documentElement.lang;
const AGAIN_MS = 3000;
const state = { gone: false, again: () => null, waiting: 0 };

/** Says what is done when the server is asked again after it was gone. */
export function onReturn(again) {
  state.again = again;
}

export const serverIsGone = () => state.gone;

/** Asks the server; a refusal has the errors to show, a server that is gone is told in the bar and asked again. */
export async function fetchFrom(address, body, signal) {
  const headers = { "accept-language": language };
  const options = body ? { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body), signal } : { headers, signal };
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw new Refused([]);
    banner(t("The server does not answer. Nothing is lost: all you typed is kept in this tab."), { action: [t("Try again"), state.again] });
    state.gone = true;
    clearTimeout(state.waiting);
    state.waiting = setTimeout(state.again, AGAIN_MS);
    throw new Refused([]);
  }
  if (state.gone) {
    clearTimeout(state.waiting);
    banner("");
  }
  if (response.ok) return response;
  const told = await response.json().catch(() => ({ errors: [{ where: "", message: t("the server answered {status}", { status: response.status }) }] }));
  throw new Refused(told.errors);
}

/** Shows words above the page: a fault, or a note in quiet colours; nothing takes them away. */
export function banner(words, { action = null, quiet = false, parts = [] } = {}) {
  const bar = byId("banner");
  state.gone = false;
  bar.hidden = !words;
  bar.className = quiet ? "quiet" : "";
  bar.setAttribute("role", quiet ? "status" : "alert");
  const [label, press] = action || [t("Close"), () => banner("")];
  bar.replaceChildren(h("span", {}, words), ...parts, h("button", { type: "button", onclick: press }, label));
}

export const questionOf = () => ({ ...store.state.question, language, scenarios: store.state.scenarios.map(asked) });

export function download(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Tells that work goes on, with the seconds it has taken; gives what takes the words away. */
export function progress(place, words) {
  const begun = performance.now();
  const tell = () => place.replaceChildren(h("span", { class: "moving", "aria-hidden": "true" }), `${words} ${Math.round((performance.now() - begun) / 1000)} s`);
  const first = setTimeout(() => {
    place.hidden = false;
    tell();
  }, 300);
  const beat = setInterval(() => !place.hidden && tell(), 1000);
  return () => {
    clearTimeout(first);
    clearInterval(beat);
    place.hidden = true;
  };
}
