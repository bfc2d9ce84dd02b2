// What is kept in the tab, and links that open a question again: the question can be read in them, scenarios are packed.

import { checked, decode, encode, START } from "./state.js";

const FIELDS = { from: "origin", to: "destination", day: "as_of", cargo: "cargo", least: "by", money: "currency", hour: "value_of_time_usd_per_hour" };

/** What the layer of the map is kept as in the tab. */
export const LAYER = "corridor-net-workbench-layer";

/** The address that opens a state: `#from=A&to=B&day=2026-07-01&…`, with `layer` and `s`, the scenarios, where there are any. */
export function linkTo(state, layer) {
  const told = new URLSearchParams();
  for (const [name, field] of Object.entries(FIELDS)) {
    const value = state.question[field];
    if (value !== null && value !== undefined && value !== START.question[field]) told.set(name, value);
  }
  if (layer) told.set("layer", layer);
  if (state.scenarios.length > 1 || state.scenarios.some((one) => one.changes.length || one.extends || one.scenario !== START.scenarios[0].scenario)) {
    told.set("scenario", state.scenarios.map((one) => one.scenario).join(" "));
    told.set("s", encode({ scenarios: state.scenarios, active: state.active }));
  }
  return `${location.origin}${location.pathname}#${told}`;
}

/** The state of a link's fragment, its scenarios `fresh` where it has none; null where it holds nothing, undefined where it cannot be read. */
export function stateOf(fragment, fresh = START) {
  const told = new URLSearchParams(fragment.replace(/^#/, ""));
  if (![...Object.keys(FIELDS), "layer", "s"].some((name) => told.has(name))) return null;
  const packed = told.has("s") ? decode(told.get("s")) : fresh;
  if (!packed) return undefined;
  const question = { ...START.question, ...packed.question };
  for (const [name, field] of Object.entries(FIELDS)) {
    if (told.has(name)) question[field] = name === "hour" ? Number(told.get(name)) : told.get(name);
  }
  return checked({ ...packed, question }) || undefined;
}

/** What the tab begins with: a link's state, or what it held before, with the steps that can be undone; `title` names a new one. */
export function remembered(memory, title) {
  const fresh = { ...START, scenarios: [{ ...START.scenarios[0], title }] };
  const linked = stateOf(location.hash, fresh);
  if (linked) sessionStorage.setItem(LAYER, new URLSearchParams(location.hash.slice(1)).get("layer") || "");
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  if (linked) return { state: linked, kept: null, bad: false };
  let held = null;
  try {
    held = JSON.parse(sessionStorage.getItem(memory));
  } catch {
    held = null;
  }
  const state = held && checked(held.state || held);
  return { state: state || fresh, kept: state && held.kept ? held.kept : null, bad: linked === undefined };
}

/** Keeps a state and its past in the tab; the past is let go where there is no room for it. */
export function remember(memory, state, kept) {
  try {
    sessionStorage.setItem(memory, JSON.stringify({ state, kept }));
  } catch {
    sessionStorage.setItem(memory, JSON.stringify({ state }));
  }
}
