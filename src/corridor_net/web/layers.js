// What the map is coloured by: a layer of values by place and line, its classes, and what they mean.

import { active, bench, byId, store } from "./bench.js";
import { h, number, t } from "./dom.js";
import { fetchFrom, questionOf, Refused } from "./server.js";
import { LAYER } from "./share.js";

const WIDTHS = [10, 9, 8, 7, 6, 5];
/** Of lines by class, for what is near; the wider the more there is of it, for amounts. */
const AMOUNTS = ["origins", "loads"];
let [told, asking] = [null, null];

/** Shows what was chosen before in this tab, and hears of another choice. */
export function beginLayers(redraw) {
  const select = byId("layer");
  select.value = sessionStorage.getItem(LAYER) || "";
  if (select.selectedIndex < 0) select.value = "";
  select.addEventListener("change", () => {
    sessionStorage.setItem(LAYER, select.value);
    readLayer().then(redraw);
  });
}

/** Asks for the layer that is chosen, of the question as it is now. */
export async function readLayer() {
  asking?.abort();
  const layer = byId("layer").value;
  if (!layer || !bench.net) return show(null);
  asking = new AbortController();
  const { signal } = asking;
  byId("legend").classList.add("waiting");
  const scenario = active().changes.length || active().extends ? store.state.active : null;
  try {
    show(await (await fetchFrom("/api/layer", { ...questionOf(), layer, scenario }, signal)).json());
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (!signal.aborted) show({ layer, title: error.message, limits: [], nodes: {}, lines: {} });
  }
}

const shown = (limit) => number(limit, Number.isInteger(limit) ? 0 : 1);
const classOf = (value) => told.limits.filter((limit) => value > limit).length;
const rank = (of) => (AMOUNTS.includes(told.layer) ? told.limits.length - of : of);

function show(found) {
  told = found;
  const legend = byId("legend");
  legend.classList.remove("waiting");
  legend.hidden = !found;
  if (found) legend.replaceChildren(h("strong", {}, found.title), ...keyOfLayer().map(([css, words]) => h("span", { class: "entry" }, h("span", { class: `band ${css}` }), words)));
}

/** The classes of the layer with what they mean; those that nothing is in are left out. */
export function keyOfLayer() {
  if (!told) return [];
  const { limits } = told;
  const used = new Set([...Object.values(told.nodes), ...Object.values(told.lines)].map(classOf));
  const words = (n) => (n === 0 ? `≤ ${shown(limits[0])}` : n === limits.length ? `> ${shown(limits.at(-1))}` : `${shown(limits[n - 1])}–${shown(limits[n])}`);
  return [...Array(limits.length + 1).keys()].filter((n) => limits.length && used.has(n)).map((n) => [`band-${rank(n)}`, words(n)]);
}

/** The layer as lines under the routes, by their numbers; none where no layer is chosen. */
export function layerRoutes(numberOfLine) {
  const found = new Map();
  for (const [id, value] of Object.entries(told?.lines || {})) {
    const [line, of] = [numberOfLine(id), rank(classOf(value))];
    if (line !== undefined) found.set(of, (found.get(of) || new Map()).set(line, WIDTHS[of]));
  }
  return [...found].sort(([a], [b]) => b - a).map(([of, lines]) => ({ kind: `band band-${of}`, lines, silent: true }));
}

/** The class of each place of the layer, by its number. */
export function layerShades() {
  const { node } = bench.net;
  return new Map(Object.entries(told?.nodes || {}).filter(([id]) => node.has(id)).map(([id, value]) => [node.get(id), `band-${rank(classOf(value))}`]));
}

/** What the layer says of a place or a line, as a line of its popup; null where it says nothing. */
export function layerNote(kind, id) {
  const value = told?.[kind === "node" ? "nodes" : "lines"][id];
  return value === undefined ? null : h("p", { class: "layer" }, t("{layer}: {value}", { layer: told.title, value: number(value, value < 10 ? 1 : 0) }));
}
