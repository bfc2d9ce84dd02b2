// What is offered where one presses the map: figures that can be typed, halved, set back, and rows that can be closed.

import { active, added, bench, change, changeLike, setActive, setChanges } from "./bench.js";
import { h, t } from "./dom.js";
import { formOf } from "./drawn.js";
import { layerNote } from "./layers.js";
import { keyOf } from "./state.js";

const TYPING_MS = 250;
let count = 0;
const newId = () => `field-${(count += 1)}`;

/** The content of the popup of a place or a line; it begins with the form of what was drawn there. */
export function popupOf(kind, place) {
  const { net } = bench;
  const [nodes, lines] = [net.map.nodes, net.map.lines];
  const items = kind === "node" ? atNode(nodes[place].id) : onLine(lines[place]);
  const title = kind === "node" ? nodes[place].name : lines[place].name;
  const to = t("Changes go to {scenario}.", { scenario: active().title || active().scenario });
  const sections = items.map(([words, fields], n) => h("details", { open: n === 0 || items.length < 4 }, h("summary", {}, words), fields));
  return h("div", {}, h("h3", {}, title), layerNote(kind, (kind === "node" ? nodes : lines)[place].id), h("p", { class: "note" }, items.length ? to : t("Nothing here can be changed.")), sections);
}

const all = (kind) => [...bench.net[kind], ...added(kind)];

/** The forms of drawn rows that hold for a test of their change. */
function drawn(holds) {
  return active().changes.flatMap((one, n) => (one.add && !one.off && holds(one) ? [[t("Drawn: {name}", { name: one.row.name }), formOf(n)]] : []));
}

function onLine(line) {
  const crossings = all("crossings").filter((one) => one.link === line.id).map(crossingFields);
  const links = all("links").filter((one) => one.id === line.id).map(linkFields);
  if (links.length || bench.net.map.modes[line.mode].kind !== "sea") {
    return [...drawn((one) => one.row.link_id === line.id), ...crossings, ...links];
  }
  const ends = [line.from, line.to].map((place) => bench.net.map.nodes[place].id);
  const sails = (calls) => calls.some((call, n) => n && ends.includes(call) && ends.includes(calls[n - 1]) && call !== calls[n - 1]);
  return [
    ...drawn((one) => one.add === "service" && sails((one.calls || []).map((call) => call.node))),
    ...all("services").filter((one) => sails(one.calls)).map(serviceFields),
  ];
}

function atNode(id) {
  return [
    ...drawn((one) => [one.row.from_node_id, one.row.to_node_id, ...(one.calls || []).map((call) => call.node)].includes(id)),
    ...all("crossings").filter((one) => one.from === id || one.to === id).map(crossingFields),
    ...all("services").filter((one) => one.calls.includes(id)).map(serviceFields),
    ...added("links").filter((one) => drawnEnds(one.id).includes(id)).map(linkFields),
    ...bench.net.terminals.filter((one) => one.node === id).map((one) => [t("Terminal, {name}", { name: one.name }), one.figures.map((figure) => field(figure))]),
  ];
}

function drawnEnds(link) {
  const row = active().changes.find((one) => one.row?.link_id === link)?.row;
  return row ? [row.from_node_id, row.to_node_id] : [];
}

const isNew = (kind, one) => added(kind).includes(one);
const figuresOf = (kind, one) => one.figures.map((figure) => field(figure, isNew(kind, one)));
const crossingFields = (one) => [t("Crossing, {name}", { name: one.name }), [...figuresOf("crossings", one), closing("crossing", { crossing_id: one.id })]];
const serviceFields = (one) => [t("Service, {name}", { name: one.name }), [...figuresOf("services", one), closing("service", { service_id: one.id })]];
const linkFields = (one) => [t("Link, {name}", { name: one.name }), [...figuresOf("links", one), closing("link", { link_id: one.id })]];

/** A figure that can be typed, halved, or set back; what is typed becomes a change of the active scenario. */
function field({ label: words, about, value: base, note }, isDrawn = false) {
  const key = keyOf({ ...about, value: 0 });
  const made = changeLike({ ...about, value: 0 });
  const text = typeof base === "string";
  const id = newId();
  const input = h("input", { id, type: text ? "text" : "number", step: text ? null : "any", value: made && !made.off ? made.value : base });
  const fault = h("span", { class: "fault", role: "alert" });
  const box = h("div", { class: made && !made.off ? "edit changed" : "edit", "data-key": key });
  const send = (value) => {
    const wrong = text ? value === "" : !Number.isFinite(value);
    input.toggleAttribute("aria-invalid", wrong);
    if (wrong) input.setAttribute("aria-invalid", "true");
    fault.textContent = wrong ? (text ? t("something must stand here") : t("a number must stand here")) : "";
    if (wrong) return;
    const was = isDrawn || (active().extends || []).length ? {} : { was: base };
    change({ ...about, value, ...was }, `field ${JSON.stringify(about)}`);
    box.classList.toggle("changed", value !== base);
  };
  input.addEventListener("input", () => {
    clearTimeout(field.waiting);
    field.waiting = setTimeout(() => send(text ? input.value.trim() : parseFloat(input.value)), TYPING_MS);
  });
  const halve = () => {
    input.value = parseFloat(input.value) / 2;
    send(parseFloat(input.value));
  };
  const back = () => {
    input.value = base;
    send(base);
    setChanges(active().changes.filter((one) => keyOf(one) !== key));
    box.classList.remove("changed");
  };
  const half = text ? h("span") : h("button", { type: "button", title: t("Half"), "aria-label": t("Halve {figure}", { figure: words }), onclick: halve }, "½");
  const undo = h("button", { type: "button", title: t("As it was"), "aria-label": t("{figure} as it was", { figure: words }), onclick: back }, "↺");
  box.append(h("label", { for: id }, words), input, half, undo, h("span", { class: "small" }, note), fault);
  return box;
}

function closing(table, where) {
  const about = { close: table, where };
  const made = () => active().changes.findIndex((one) => keyOf(one) === keyOf(about) && !one.off);
  const id = newId();
  const box = h("input", { type: "checkbox", id, checked: made() >= 0 });
  box.addEventListener("change", () => {
    if (box.checked) change(about);
    else setActive({ ...active(), changes: active().changes.filter((_, n) => n !== made()) });
  });
  return h("div", { class: "row" }, box, h("label", { for: id }, t("closed")));
}
