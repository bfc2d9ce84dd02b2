// The scenarios beside the map: tabs, names, and the list of changes, each edited, moved, switched off, taken out.

import { active, bench, byId, LETTERS, setActive, setChanges, short, store } from "./bench.js";
import { h, t } from "./dom.js";
import { formOf, moved } from "./drawn.js";
import { MOST_SCENARIOS, slug, withThoseOn } from "./state.js";

const unfolded = new Set();
let refused = "";

/** Says beside the scenario why a file was not loaded. */
export function refuseFile(words) {
  refused = words;
  const place = byId("load-fault");
  if (place) place.textContent = words;
}

export function renderTabs() {
  const { scenarios, active: at } = store.state;
  const choose = (n) => store.set({ ...store.state, active: (n + scenarios.length) % scenarios.length });
  const tab = (one, n) => h("button", {
    type: "button", role: "tab", id: `tab-${n}`, "aria-selected": String(n === at), "aria-controls": "scenario", tabindex: n === at ? 0 : -1,
    onclick: () => choose(n),
    onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      choose(at + step);
      byId(`tab-${store.state.active}`).focus();
    },
  }, `${LETTERS[n]} ${one.title || one.scenario}`);
  const focus = document.activeElement && document.activeElement.id;
  byId("tabs").replaceChildren(...scenarios.map(tab));
  byId("scenario").setAttribute("aria-labelledby", `tab-${at}`);
  byId("add-scenario").hidden = scenarios.length >= MOST_SCENARIOS;
  if (focus && byId(focus) && document.activeElement !== byId(focus)) byId(focus).focus();
}

export function addScenario() {
  const copy = structuredClone(active());
  const names = new Set(store.state.scenarios.map((one) => one.scenario));
  const base = copy.scenario.replace(/-\d+$/, "");
  let n = 2;
  while (names.has(`${base}-${n}`)) n++;
  const made = { ...copy, scenario: `${base}-${n}`, title: `${(copy.title || base).replace(/ \d+$/, "")} ${n}` };
  store.set({ ...store.state, scenarios: [...store.state.scenarios, made], active: store.state.scenarios.length });
}

/** The scenario on another base; one that nobody gave a title is called as what it builds on. */
function basedOn({ extends: before, ...one }, name, words) {
  const own = (bench.net?.shipped || []).find((known) => known.name === (before || [])[0])?.title || t("My scenario");
  const given = (one.title || "").replace(/ \d+$/, "") !== own;
  const title = given ? one.title : name ? words : t("My scenario");
  return name ? { ...one, title, extends: [name], changes: one.changes.map(({ was, ...rest }) => rest) } : { ...one, title };
}

function namesOf(here, one) {
  const text = (name, words, value) => {
    const input = h("input", { id: `scenario-${name}`, value, autocomplete: "off" });
    input.addEventListener("input", () => setActive({ ...active(), [name]: name === "scenario" ? slug(input.value) : input.value }, name));
    return h("div", { class: "field" }, h("label", { for: input.id }, words), input, h("span", { class: "fault", "data-where": `${here}.${name}` }));
  };
  const base = h("select", { id: "scenario-extends" }, h("option", { value: "" }, t("nothing: the baseline alone")),
    (bench.net ? bench.net.shipped : []).map((known) => h("option", { value: known.name, selected: (one.extends || [])[0] === known.name }, known.title)));
  base.addEventListener("change", () => setActive(basedOn(one, base.value, base.selectedOptions[0].textContent)));
  const builds = h("div", { class: "field" }, h("label", { for: "scenario-extends" }, t("Builds on")), base);
  return h("div", { class: "names" }, text("title", t("Title"), one.title || ""), text("scenario", t("Name of the file"), one.scenario), builds);
}

/** The field of a change: its value, factor or difference; null where it has none. */
function amountOf(made, n) {
  const key = ["value", "by"].find((name) => made[name] !== undefined);
  if (!key) return null;
  const text = typeof made[key] === "string";
  const input = h("input", { id: `scenario-change-${n}`, class: "amount", type: text ? "text" : "number", step: "any", value: made[key], "aria-label": t("Amount of: {change}", { change: told(made) }) });
  input.addEventListener("input", () => {
    const typed = text ? input.value.trim() : input.valueAsNumber;
    const wrong = text ? typed === "" : !Number.isFinite(typed);
    input.setAttribute("aria-invalid", String(wrong));
    if (!wrong) setChanges(active().changes.map((one, other) => (other === n ? { ...one, [key]: typed } : one)), `amount ${n}`);
  });
  return input;
}

function changeOf(here, made, n, all) {
  const words = told(made);
  const button = (sign, label, press, more = {}) => h("button", { type: "button", "aria-label": label, title: label, onclick: press, ...more }, sign);
  const these = withThoseOn(all, n);
  const remove = () => setChanges(active().changes.filter((_, other) => !these.includes(other)));
  const toggle = (on) => setChanges(active().changes.map((one, other) => (these.includes(other) ? (on ? (({ off, ...rest }) => rest)(one) : { ...one, off: true }) : one)));
  const box = h("input", { type: "checkbox", id: `scenario-on-${n}`, checked: !made.off, "aria-label": t("In use: {change}", { change: words }), onchange: (event) => toggle(event.target.checked) });
  const form = made.add && bench.net ? h("details", { open: unfolded.has(n) }, h("summary", {}, t("Edit")), formOf(n)) : null;
  if (form) form.addEventListener("toggle", () => (form.open ? unfolded.add(n) : unfolded.delete(n)));
  return h("li", { class: made.off ? "off" : null },
    h("div", { class: "what" }, box, h("span", {}, words)),
    h("div", { class: "row" }, amountOf(made, n),
      button("↑", t("Earlier: {change}", { change: words }), () => setChanges(moved(active().changes, n, -1)), { id: `scenario-up-${n}`, disabled: n === 0 }),
      button("↓", t("Later: {change}", { change: words }), () => setChanges(moved(active().changes, n, 1)), { id: `scenario-down-${n}`, disabled: n === all.length - 1 }),
      button("×", t("Remove: {change}", { change: words }), remove)),
    form,
    h("span", { class: "fault", role: "alert", "data-where": `${here}.changes.${n}` }));
}

export function renderScenario() {
  const here = `scenarios.${store.state.active}`;
  const one = active();
  const focus = held();
  const drop = () => store.set({ ...store.state, scenarios: store.state.scenarios.filter((_, n) => n !== store.state.active), active: Math.max(0, store.state.active - 1) });
  byId("scenario").replaceChildren(...[
    namesOf(here, one),
    h("span", { class: "fault", "data-where": here }),
    h("h2", {}, t("Changes ({count})", { count: one.changes.length })),
    one.changes.length ? h("ol", { class: "changes" }, one.changes.map((made, n) => changeOf(here, made, n, one.changes))) : h("p", { class: "note" }, t("None yet: press something on the map.")),
    store.state.scenarios.length > 1 ? h("button", { type: "button", onclick: drop }, t("Remove this scenario")) : null,
    h("span", { class: "fault", id: "load-fault", role: "alert" }, refused),
  ].filter(Boolean));
  focus();
}

/** Takes note of the field that is typed in; gives what puts the caret back into the field made in its place. */
function held() {
  const field = document.activeElement;
  if (!field || !byId("scenario").contains(field)) return () => null;
  const column = field.dataset.column;
  const item = column && [...byId("scenario").querySelectorAll("li")].indexOf(field.closest(".changes > li"));
  const [id, value, caret] = [field.id, field.value, field.type === "text" ? field.selectionStart : null];
  return () => {
    const next = column ? [...byId("scenario").querySelectorAll("li")][item]?.querySelector(`[data-column="${column}"]`) : id && byId(id);
    if (!next) return;
    if (next.type === field.type && !["checkbox", "button", "submit"].includes(next.type) && id !== "scenario-scenario") next.value = value;
    next.focus();
    if (caret !== null && next.setSelectionRange) next.setSelectionRange(caret, caret);
  };
}

const VERBS = ["set", "scale", "shift", "add", "close", "open"];

/** What a place, crossing, link or service is called, by its id. */
function named(id) {
  const { net } = bench;
  if (!net) return id;
  const found = ["crossings", "services", "links", "terminals"].flatMap((kind) => net[kind]).find((one) => one.id === id);
  if (found?.node) return `${net.map.nodes[net.node.get(found.node)]?.name || found.node}, ${found.name}`;
  return found ? found.name : active().changes.find((one) => one.row && Object.values(one.row).includes(id))?.row.name || id;
}

/** What a figure is called, as the popup has it; its field where it is not known. */
function figureOf(made) {
  const { net } = bench;
  const same = (one) => one.about.set === made[VERBS.find((verb) => verb in made)] && one.about.field === made.field && (one.about.component || null) === (made.component || null);
  for (const kind of net ? ["crossings", "services", "links", "terminals"] : []) {
    for (const row of net[kind]) {
      const found = row.figures.find(same);
      if (found) return found.label;
    }
  }
  return [made.component, made.field].filter(Boolean).join(" ").replaceAll("_", " ");
}

/** A change in words. */
export function told(made) {
  const verb = VERBS.find((name) => name in made);
  if (verb === "add") {
    const name = made.row.name || Object.values(made.row)[0];
    const km = made.row.length_km ? `, ${made.row.length_km} km` : "";
    return (made.add === "service" ? t("new service: {name}", { name }) : t("new link: {name}", { name })) + km;
  }
  const tables = () => ({ service: t("service"), link: t("link"), crossing: t("crossing"), terminal: t("terminal") });
  const what = Object.values(made.where || {}).flat().map((id) => (id === "*" ? t("all: {table}", { table: tables()[made[verb]] || made[verb] }) : named(id))).join(", ");
  if (verb === "close") return t("{what}: closed", { what });
  if (verb === "open") return t("{what}: open", { what });
  const figure = figureOf(made) + (made.cargo_unit ? ` (${made.cargo_unit})` : "");
  const how = verb === "set" ? `${made.was !== undefined ? `${short(made.was)} → ` : "= "}${short(made.value)}` : verb === "scale" ? `× ${made.by}` : `${made.by >= 0 ? "+" : "−"} ${Math.abs(made.by)}`;
  return `${what}: ${figure} ${how}`;
}
