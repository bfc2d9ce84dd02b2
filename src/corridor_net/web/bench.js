// What all parts of the workbench share: the question and scenarios, the network, the map, and the last answer.

import { decimals, speak, t } from "./dom.js";
import { createStore, keyOf, withChange } from "./state.js";
import { remember, remembered } from "./share.js";

export const MEMORY = "corridor-net-workbench";
export const LETTERS = "ABCD";
export const byId = (id) => document.getElementById(id);

/** `net` is what /api/network told, with `node` and `line`: numbers by id; `changed` hears of every change. */
export const bench = { net: null, map: null, answer: null, limits: null, changed: () => null };

speak(JSON.parse(byId("spoken").textContent));
const start = remembered(MEMORY, t("My scenario"));
export const badLink = start.bad;
export const store = createStore(start.state, (state) => {
  remember(MEMORY, state, store.kept);
  bench.changed();
}, start.kept);

export const active = () => store.state.scenarios[store.state.active];
export const setQuestion = (fields) => store.set({ ...store.state, question: { ...store.state.question, ...fields } }, `question ${Object.keys(fields)}`);
export const setActive = (scenario, tag = null) => store.set({ ...store.state, scenarios: store.state.scenarios.map((one, n) => (n === store.state.active ? scenario : one)) }, tag);
export const change = (made, tag = null) => setActive(withChange(active(), made), tag);
export const setChanges = (changes, tag = null) => setActive({ ...active(), changes }, tag);

/** The change of the active scenario that is about the same as this one, switched off or not. */
export const changeLike = (about) => active().changes.find((one) => keyOf(one) === keyOf(about));

/** What the active scenario's answer told of rows that only it has: crossings, terminals, services, links. */
export function added(kind) {
  const told = bench.answer?.scenarios[store.state.active]?.added;
  return told ? told[kind] : [];
}

export function nameOf(id) {
  if (id === null || id === undefined) return t("by land");
  const { net } = bench;
  return net && net.node.has(id) ? net.map.nodes[net.node.get(id)].name : id;
}

/** A number to be read: so many digits that count. */
export const short = (value, digits = 5) => (typeof value === "number" ? decimals(String(Number(value.toPrecision(digits)))) : value);
