// The workbench: what is chosen and changed is asked of the server, and its answer shown.

import { h, number, s } from "./dom.js";
import { createMap, extentOf, scaleAt } from "./map.js";
import { searchBox } from "./search.js";
import { checked, completed, createStore, decode, encode, keyOf, MOST_SCENARIOS, slug, START, withChange } from "./state.js";

const MEMORY = "corridor-net-workbench";
const MOST_BYTES = 1_000_000;
const COLOURS = ["#0072b2", "#d55e00", "#007a5a", "#a5508a", "#b07800", "#2a87b8", "#333333"];
const byId = (id) => document.getElementById(id);
const form = byId("question");
let [net, map, answer, limits, adding, opened] = [null, null, null, null, null, null];

// ---- state

function remembered() {
  const link = /#s=([\w-]+)/.exec(location.hash);
  if (link) {
    const shared = decode(link[1]);
    history.replaceState(null, "", location.pathname);
    if (shared) return shared;
    banner("The link holds no scenario that can be read; this is a new one.");
  }
  try {
    return checked(JSON.parse(sessionStorage.getItem(MEMORY))) || START;
  } catch {
    return START;
  }
}

const store = createStore(remembered(), (state) => {
  sessionStorage.setItem(MEMORY, JSON.stringify(state));
  render();
  ask();
});
const active = () => store.state.scenarios[store.state.active];
const setQuestion = (fields) => store.set({ ...store.state, question: { ...store.state.question, ...fields } }, `question ${Object.keys(fields)}`);
const setActive = (scenario, tag = null) => store.set({ ...store.state, scenarios: store.state.scenarios.map((one, n) => (n === store.state.active ? scenario : one)) }, tag);
const change = (made, tag = null) => setActive(withChange(active(), made), tag);

// ---- server

class Refused extends Error {
  constructor(errors) {
    super(errors.map((error) => error.message).join("; "));
    this.errors = errors;
  }
}

/** Asks the server; a refusal has the errors to show, a server that is gone is told in the banner and asked again. */
async function fetchFrom(address, body) {
  const options = body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {};
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    banner("The server does not answer. Nothing is lost: all you typed is kept in this tab.", ["Try again", () => (net ? ask() : start())]);
    clearTimeout(fetchFrom.again);
    fetchFrom.again = setTimeout(() => (net ? ask() : start()), 3000);
    throw new Refused([]);
  }
  if (response.ok) {
    if (fetchFrom.gone) banner("");
    return response;
  }
  const told = await response.json().catch(() => ({ errors: [{ where: "", message: `the server answered ${response.status}` }] }));
  throw new Refused(told.errors);
}

function banner(words, action) {
  const bar = byId("banner");
  fetchFrom.gone = Boolean(action);
  banner.fault = false;
  bar.hidden = !words;
  bar.replaceChildren(words, action ? h("button", { type: "button", onclick: action[1] }, action[0]) : h("button", { type: "button", onclick: () => banner("") }, "Close"));
}

const questionOf = () => ({ ...store.state.question, scenarios: store.state.scenarios });

let asked = 0;
function ask() {
  clearTimeout(ask.waiting);
  ask.waiting = setTimeout(askNow, 50);
}

async function askNow() {
  if (!net) return;
  const turn = ++asked;
  byId("answers").classList.add("waiting");
  const begun = performance.now();
  try {
    if (net.as_of !== store.state.question.as_of) await readNetwork();
    else if (net.cargo !== store.state.question.cargo) await readFigures();
    const told = await (await fetchFrom("/api/answer", questionOf())).json();
    if (turn !== asked) return;
    [answer, limits] = [told, null];
    answer.milliseconds = performance.now() - begun;
    showFaults([...told.scenarios.flatMap((one) => one.errors || [])]);
    drawAnswer();
    drawMap();
    limits = await (await fetchFrom("/api/thresholds", questionOf())).json();
    if (turn === asked) drawAnswer();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (turn === asked) showFaults(error.errors);
  } finally {
    if (turn === asked) byId("answers").classList.remove("waiting");
  }
}

/** Shows each error beside the field or the change it is about; what has no place is shown above. */
function showFaults(errors) {
  if (banner.fault && !fetchFrom.gone) banner("");
  document.querySelectorAll(".fault[data-where]").forEach((place) => (place.textContent = ""));
  document.querySelectorAll(".faulty").forEach((field) => field.classList.remove("faulty"));
  const left = [];
  for (const error of errors) {
    const words = error.hint ? `${error.message} (${error.hint})` : error.message;
    const places = [...document.querySelectorAll("[data-where]")].filter((one) => `${error.where}.`.startsWith(`${one.dataset.where}.`));
    const place = places.sort((a, b) => b.dataset.where.length - a.dataset.where.length)[0];
    if (!place) {
      left.push(words);
      continue;
    }
    place.textContent = words;
    (place.parentElement.querySelector("input, select") || place).classList.add("faulty");
  }
  if (left.length) banner(left.join("; "));
  banner.fault = left.length > 0;
}

// ---- network and map

async function fetchNetwork() {
  const { as_of, cargo } = store.state.question;
  const chosen = Object.entries({ as_of, cargo }).filter(([, value]) => value !== null);
  return (await fetchFrom(`/api/network?${new URLSearchParams(chosen)}`)).json();
}

/** Reads the figures of another cargo; the map stays as it is. */
async function readFigures() {
  const { cargo, crossings, terminals, services, links } = await fetchNetwork();
  Object.assign(net, { cargo, crossings, terminals, services, links });
  map.close();
}

async function readNetwork() {
  net = await fetchNetwork();
  const nodes = net.map.nodes;
  net.node = new Map(nodes.map((node, n) => [node.id, n]));
  net.line = new Map(net.map.lines.map((line, n) => [line.id, n]));
  store.begin({ ...store.state, question: completed(store.state.question, net) });
  byId("credit").textContent = [`${net.map.projection}.`, net.map.credit].filter(Boolean).join(" ");
  byId("map").replaceChildren();
  byId("search").replaceChildren(searchBox(nodes, (place) => map.focusNode(place)));
  map = createMap(byId("map"), net.map, { label: "Map of the network", pick, wheel: "always" });
  const seen = [...new Set([...net.origins, ...net.markets])].map((id) => net.node.get(id)).filter((n) => n !== undefined);
  map.setExtent(extentOf(seen.map((n) => [nodes[n].x, nodes[n].y])));
  fillForm();
}

const nameOf = (id) => (id === null || id === undefined ? "by land" : net.node.has(id) ? net.map.nodes[net.node.get(id)].name : id);

/** The numbers of a route's lines on the map; lines that only a scenario has are added to it. */
function linesOf(found) {
  if (!found || !found.path) return new Map();
  for (const line of found.lines || []) {
    if (net.line.has(line.id) || !net.node.has(line.from) || !net.node.has(line.to)) continue;
    net.line.set(line.id, net.map.lines.length);
    net.map.lines.push({ ...line, from: net.node.get(line.from), to: net.node.get(line.to) });
  }
  return new Map(found.path.filter((id) => id !== null).map((id) => [net.line.get(id), 6]));
}

function drawMap() {
  const now = answer.scenarios[store.state.active];
  const [before, after] = [linesOf(answer.baseline), linesOf(now)];
  const same = [...after.keys()].join() === [...before.keys()].join();
  const routes = [{ kind: "before", lines: new Map([...before.keys()].map((line) => [line, same ? 6 : 4])) }];
  if (now && now.path && !same) routes.unshift({ kind: "after", lines: after });
  const important = new Set([answer.baseline, now].filter((one) => one && one.route).flatMap((one) => [one.route.gateway, ...one.route.legs.map((leg) => leg.from)]));
  const ends = [store.state.question.origin, store.state.question.destination];
  if (!net.framed) {
    net.framed = true;
    const seen = [...new Set([...net.origins, ...important, ...ends])].filter((id) => net.node.has(id)).map((id) => net.map.nodes[net.node.get(id)]);
    map.setExtent(extentOf(seen.map((node) => [node.x, node.y])));
  }
  const touched = new Set(active().changes.flatMap((one) => [one.where, one.row].flatMap((row) => (row && row.link_id ? [row.link_id].flat() : []))));
  map.show({
    lines: new Set(net.map.lines.keys()),
    routes,
    important: [...important, ...ends].filter((id) => net.node.has(id)).map((id) => net.node.get(id)),
    marked: [...touched].map((id) => net.line.get(id)).filter((n) => n !== undefined),
  });
}

// ---- changing figures in a popup

function pick(kind, place) {
  if (adding) {
    if (kind === "node") pickEnd(place);
    return null;
  }
  opened = [kind, place];
  const items = kind === "node" ? atNode(net.map.nodes[place].id) : onLine(net.map.lines[place]);
  const title = kind === "node" ? net.map.nodes[place].name : net.map.lines[place].name;
  const to = `Changes go to ${active().title || active().scenario}.`;
  const sections = items.map(([words, fields], n) => h("details", { open: n === 0 || items.length < 4 }, h("summary", {}, words), fields));
  return h("div", {}, h("h3", {}, title), h("p", { class: "note" }, items.length ? to : "Nothing here can be changed."), sections);
}

function onLine(line) {
  const found = [];
  for (const crossing of net.crossings.filter((one) => one.link === line.id)) found.push(crossingFields(crossing));
  for (const link of net.links.filter((one) => one.id === line.id)) found.push(linkFields(link));
  if (!net.links.some((one) => one.id === line.id)) {
    const ends = [net.map.nodes[line.from].id, net.map.nodes[line.to].id];
    const sails = (service) => service.calls.some((call, n) => n && ends.includes(call) && ends.includes(service.calls[n - 1]) && call !== service.calls[n - 1]);
    found.push(...net.services.filter(sails).map(serviceFields));
  }
  return found;
}

function atNode(id) {
  const crossings = net.crossings.filter((one) => one.from === id || one.to === id).map(crossingFields);
  const services = net.services.filter((one) => one.calls.includes(id)).map(serviceFields);
  const terminals = net.terminals.filter((one) => one.node === id).map((one) => [`Terminal, ${one.name}`, one.figures.map(field)]);
  return [...crossings, ...services, ...terminals];
}

const crossingFields = (one) => [`Crossing, ${one.name}`, [...one.figures.map(field), closing("crossing", { crossing_id: one.id })]];
const serviceFields = (one) => [`Service, ${one.name}`, [...one.figures.map(field), closing("service", { service_id: one.id })]];
const modeOf = (one) => net.map.modes[one.mode].label;
const linkFields = (one) => [`${modeOf(one)[0].toUpperCase()}${modeOf(one).slice(1)}, ${one.name}`, [...one.figures.map(field), closing("link", { link_id: one.id })]];

/** A figure that can be typed, halved, or set back; what is typed becomes a change of the active scenario. */
function field({ label: words, about, value: base, note }) {
  const made = active().changes.find((one) => keyOf(one) === keyOf({ ...about, value: 0 }));
  const id = `field-${field.count = (field.count || 0) + 1}`;
  const text = typeof base === "string";
  const input = h("input", { id, type: text ? "text" : "number", step: text ? null : "any", value: made ? made.value : base });
  const box = h("div", { class: made ? "edit changed" : "edit" });
  const send = (value) => {
    if (!text && !Number.isFinite(value)) return;
    const was = (active().extends || []).length ? {} : { was: base };
    change({ ...about, value, ...was }, `field ${JSON.stringify(about)}`);
    box.classList.toggle("changed", value !== base);
  };
  input.addEventListener("input", () => {
    clearTimeout(field.waiting);
    field.waiting = setTimeout(() => send(text ? input.value.trim() : parseFloat(input.value)), 250);
  });
  const press = (value) => () => {
    input.value = value;
    send(value);
  };
  const half = text ? h("span") : h("button", { type: "button", title: "Half", "aria-label": `Halve ${words}`, onclick: () => press(parseFloat(input.value) / 2)() }, "½");
  box.append(h("label", { for: id }, words), input, half, h("button", { type: "button", title: "As it was", "aria-label": `${words} as it was`, onclick: press(base) }, "↺"), h("span", { class: "small" }, note));
  return box;
}

function closing(table, where) {
  const about = { close: table, where };
  const made = () => active().changes.findIndex((one) => keyOf(one) === keyOf(about));
  const id = `field-${field.count = (field.count || 0) + 1}`;
  const box = h("input", { type: "checkbox", id, checked: made() >= 0 });
  box.addEventListener("change", () => {
    if (box.checked) change(about);
    else setActive({ ...active(), changes: active().changes.filter((_, n) => n !== made()) });
  });
  return h("div", { class: "row" }, box, h("label", { for: id }, "closed"));
}

// ---- adding a link or a service

function startAdding(table) {
  adding = adding && adding.table === table ? null : { table, ends: [] };
  byId("add-link").setAttribute("aria-pressed", String(adding?.table === "link"));
  byId("add-service").setAttribute("aria-pressed", String(adding?.table === "service"));
  map.close();
  if (adding) map.tell(table === "link" ? "Press the two ends of the link" : "Press the two ports of the service");
}

function pickEnd(place) {
  const node = net.map.nodes[place];
  if (adding.table === "service" && !net.map.types[node.type].port) return map.tell(`${node.name} is not a port`);
  if (adding.ends.includes(place)) return;
  adding.ends.push(place);
  if (adding.ends.length < 2) return map.tell(`From ${node.name}: press the other end`);
  const [table, [here, there]] = [adding.table, adding.ends.map((n) => net.map.nodes[n])];
  startAdding(table);
  const taken = new Set([...net.links, ...net.services].map((one) => one.id).concat(active().changes.flatMap((one) => Object.values(one.row || {}))));
  let id = slug(`${here.id}-${there.id}-new`);
  for (let n = 2; taken.has(id); n++) id = slug(`${here.id}-${there.id}-new-${n}`);
  if (table === "service") {
    const tariff = net.choices.tariff.find((name) => name === `sea_${here.country}_${there.country}`.toLowerCase() || name === `sea_${there.country}_${here.country}`.toLowerCase()) || net.choices.tariff.find((name) => name.startsWith("sea"));
    change({
      add: "service",
      row: { service_id: id, name: `${here.name} - ${there.name} new service`, vehicle: "container_ship", sailings_per_week: 1, circular: 1, speed_id: "container_ship", port_stay_hours: 12, tariff_id: tariff, emission_factor_id: "sea_container", basis: "drawn in the workbench" },
      calls: [{ node: here.id }, { node: there.id }, { node: here.id }],
    });
  } else {
    const scale = scaleAt(net.map, (here.x + there.x) / 2, (here.y + there.y) / 2);
    const km = Math.round((Math.hypot(here.x - there.x, here.y - there.y) / 10 / scale) * 1.3);
    const country = here.country.toLowerCase();
    const mode = net.choices.link_mode;
    const border = borderBetween(here, there, mode);
    const first = (list, ...starts) => starts.map((start) => list.find((name) => name === start || name.startsWith(start))).find(Boolean) || list[0];
    change({
      add: "link",
      row: { link_id: id, name: `${here.name} - ${there.name}`, from_node_id: here.id, to_node_id: there.id, mode, length_km: km, speed_id: first(net.choices.speed, `${mode}_${country}`, mode), tariff_id: first(net.choices.tariff, `${mode}_${country}`, mode), emission_factor_id: first(net.choices.emission_factor, mode), country: here.country, basis: "drawn in the workbench; length 1.3 times the straight line" },
      ...(border ? { border_like: border.id } : {}),
    });
  }
}

/** The nearest crossing of a mode between the countries of two places; the server says what to do where there is none. */
function borderBetween(here, there, mode) {
  if (here.country === there.country) return null;
  const node = (id) => net.map.nodes[net.node.get(id)];
  const joins = (one) => [node(one.from), node(one.to)].map((end) => end.country).sort().join() === [here, there].map((end) => end.country).sort().join();
  const far = (one) => Math.hypot(2 * node(one.from).x - here.x - there.x, 2 * node(one.from).y - here.y - there.y);
  return net.crossings.filter((one) => one.mode === mode && joins(one)).sort((a, b) => far(a) - far(b))[0] || null;
}

// ---- question, tabs, changes

function fillForm() {
  const options = (name, entries) => {
    const wanted = store.state.question[name];
    const listed = entries.some(([id]) => id === wanted) ? entries : [[wanted, wanted], ...entries];
    form.elements[name].replaceChildren(...listed.map(([id, words]) => h("option", { value: id, selected: id === wanted }, words)));
  };
  const places = (ids) => {
    const rest = net.map.nodes.filter((node) => !ids.includes(node.id)).map((node) => node.id);
    return [...ids, ...rest].map((id) => [id, nameOf(id)]);
  };
  options("origin", places(net.origins));
  options("destination", places(net.markets));
  options("cargo", net.cargos.map((one) => [one.id, one.name]));
}

for (const input of form.elements) {
  const empty = input.name === "value_of_time_usd_per_hour" ? null : undefined;
  input.addEventListener(input.type === "number" ? "input" : "change", () => {
    const value = input.type === "number" ? (input.value === "" ? empty : input.valueAsNumber) : input.value;
    if (value === undefined || value === "" || Number.isNaN(value)) return;
    setQuestion({ [input.name]: value });
  });
}
form.addEventListener("submit", (event) => event.preventDefault());

function render() {
  const { question, scenarios } = store.state;
  for (const input of form.elements) {
    if (input.name && document.activeElement !== input) input.value = question[input.name] ?? "";
  }
  byId("undo").disabled = !store.canUndo;
  byId("redo").disabled = !store.canRedo;
  const tab = (one, n) => h("button", { type: "button", role: "tab", id: `tab-${n}`, "aria-selected": String(n === store.state.active), onclick: () => store.set({ ...store.state, active: n }) }, `${"ABCD"[n]} ${one.title || one.scenario}`);
  const more = scenarios.length < MOST_SCENARIOS ? h("button", { type: "button", id: "add-scenario", title: "A copy of this scenario beside it", onclick: addScenario }, "+ compare another") : null;
  const focus = document.activeElement && document.activeElement.id;
  byId("tabs").replaceChildren(...scenarios.map(tab), ...(more ? [more] : []));
  renderScenario();
  if (focus && byId(focus) && document.activeElement !== byId(focus)) byId(focus).focus();
}

function addScenario() {
  const copy = structuredClone(active());
  const names = new Set(store.state.scenarios.map((one) => one.scenario));
  const base = copy.scenario.replace(/-\d+$/, "");
  let n = 2;
  while (names.has(`${base}-${n}`)) n++;
  const made = { ...copy, scenario: `${base}-${n}`, title: `${(copy.title || base).replace(/ \d+$/, "")} ${n}` };
  store.set({ ...store.state, scenarios: [...store.state.scenarios, made], active: store.state.scenarios.length });
}

let refused = "";

function renderScenario() {
  const here = `scenarios.${store.state.active}`;
  const one = active();
  const text = (name, words, value) => {
    const input = h("input", { id: `scenario-${name}`, value, autocomplete: "off" });
    input.addEventListener("input", () => setActive({ ...active(), [name]: name === "scenario" ? slug(input.value) : input.value }, name));
    return h("div", { class: "field" }, h("label", { for: input.id }, words), input, h("span", { class: "fault", "data-where": `${here}.${name}` }));
  };
  const held = document.activeElement;
  const [typing, kept, caret] = held && held.id && held.id.startsWith("scenario-") ? [held.id, held.value, held.selectionStart] : [null, null, null];
  const base = h("select", { id: "scenario-extends" }, h("option", { value: "" }, "nothing: the baseline alone"), (net ? net.shipped : []).map((known) => h("option", { value: known.name, selected: (one.extends || [])[0] === known.name }, known.title)));
  base.addEventListener("change", () => setActive(base.value ? { ...one, extends: [base.value], changes: one.changes.map(({ was, ...rest }) => rest) } : (({ extends: _, ...rest }) => rest)(one)));
  const remove = (n) => setActive({ ...one, changes: one.changes.filter((_, other) => other !== n) });
  const listed = one.changes.map((made, n) => h("li", {}, h("span", {}, told(made)), h("button", { type: "button", "aria-label": `Remove: ${told(made)}`, onclick: () => remove(n) }, "×"), h("span", { class: "fault", "data-where": `${here}.changes.${n}` })));
  const drop = store.state.scenarios.length > 1
    ? h("button", { type: "button", onclick: () => store.set({ ...store.state, scenarios: store.state.scenarios.filter((_, n) => n !== store.state.active), active: Math.max(0, store.state.active - 1) }) }, "Remove this scenario") : null;
  byId("scenario").replaceChildren(
    h("div", { class: "names" }, text("title", "Title", one.title || ""), text("scenario", "Name of the file", one.scenario), h("div", { class: "field" }, h("label", { for: "scenario-extends" }, "Builds on"), base)),
    h("span", { class: "fault", "data-where": here }),
    h("h2", {}, `Changes (${one.changes.length})`),
    one.changes.length ? h("ol", { class: "changes" }, listed) : h("p", { class: "note" }, "None yet: press something on the map."),
    ...(drop ? [drop] : []),
    h("span", { class: "fault", id: "load-fault" }, refused),
  );
  if (typing && byId(typing)) {
    const field_ = byId(typing);
    if (typing !== "scenario-scenario") field_.value = kept;
    field_.focus();
    if (caret !== null && field_.setSelectionRange) field_.setSelectionRange(caret, caret);
  }
}

/** A change in words. */
function told(made) {
  const verb = ["set", "scale", "shift", "add", "close", "open"].find((name) => name in made);
  if (verb === "add") return `new ${made.add}: ${made.row.name || Object.values(made.row)[0]}${made.row.length_km ? `, ${made.row.length_km} km` : ""}`;
  const what = Object.values(made.where || {}).flat().join(", ");
  if (verb === "close" || verb === "open") return `${made[verb]} ${what}: ${verb === "close" ? "closed" : "open"}`;
  const figure = [made.component, made.field].filter(Boolean).join(" ").replaceAll("_", " ") + (made.cargo_unit ? ` (${made.cargo_unit})` : "");
  const how = verb === "set" ? `${made.was !== undefined ? `${short(made.was)} → ` : "= "}${short(made.value)}` : verb === "scale" ? `× ${made.by}` : `${made.by >= 0 ? "+" : "−"} ${Math.abs(made.by)}`;
  return `${what}: ${figure} ${how}`;
}

const short = (value) => (typeof value === "number" ? String(Number(value.toPrecision(5))) : value);

// ---- the answer

const ROWS = [
  ["USD a box", "cost_usd", 1, 0],
  ["days", "hours", 24, 1],
  ["kg CO₂e", "co2_kg", 1, 0],
  ["generalised USD", "generalised_cost_usd", 1, 0],
];

/** Names who wins otherwise where the gateway of the answer does in less than half of the draws. */
function otherwise(doubt) {
  if (doubt.gateway_wins >= 0.5) return "";
  const rest = Object.entries(doubt.gateways).filter(([gate]) => gate !== doubt.gateway).slice(0, 2);
  return rest.length ? `; else ${rest.map(([gate, share]) => `${nameOf(gate)} ${number(100 * share)} %`).join(", ")}` : "";
}

function drawAnswer() {
  const columns = [["baseline", answer.baseline], ...answer.scenarios.map((one, n) => [`${"ABCD"[n]} ${store.state.scenarios[n]?.title || one.scenario || ""}`, one])];
  const css = (n) => (n - 1 === store.state.active ? "active" : null);
  const cells = (of) => columns.map(([, one], n) => h("td", { class: [css(n), "number"].filter(Boolean).join(" ") }, one.route ? of(one) : "–"));
  const amount = ([words, key, unit, digits]) => h("tr", {}, h("th", { scope: "row" }, words), cells((one) => {
    const range = one.doubt[key];
    const differs = one.change ? one.change[key] / unit : 0;
    return [
      number(one.route[key] / unit, digits),
      one.change && Math.abs(differs) >= 0.5 / 10 ** digits ? h("span", { class: `small ${differs < 0 ? "better" : "worse"}` }, number(differs, digits, true)) : null,
      range ? h("span", { class: "small", title: "10 and 90 % of draws" }, `${number(range.p10 / unit, digits)} – ${number(range.p90 / unit, digits)}`) : null,
    ];
  }));
  const gate = h("tr", {}, h("th", { scope: "row" }, "gateway"), columns.map(([, one], n) => h("td", { class: css(n) }, one.route ? h("span", { class: one.gateway_switched ? "switched" : null }, one.route.gateways.length ? one.route.gateways.map(nameOf).join(", ") : nameOf(null)) : one.errors && one.errors.length ? "mistake" : "no route", one.doubt ? h("span", { class: "small" }, `best in ${number(100 * one.doubt.gateway_wins)} % of draws${otherwise(one.doubt)}`) : null)));
  const access = answer.baseline.access
    ? h("tr", {}, h("th", { scope: "row" }, "access to all markets"), columns.map(([, one], n) => h("td", { class: [css(n), "number"].filter(Boolean).join(" ") }, one.access ? [number(one.access.market_access, 1), one.access.market_access_change !== undefined ? h("span", { class: "small" }, `${number(100 * one.access.market_access_change, 2, true)} %; gain ${number(one.access.gain_usd)} USD a box`) : null] : "–"))) : null;
  const reasons = columns.filter(([, one]) => one.no_route).map(([name, one]) => h("p", { class: "note" }, `${name}: ${one.no_route}`));
  const ends = `${nameOf(store.state.question.origin)} to ${nameOf(store.state.question.destination)}`;
  const active = answer.scenarios[store.state.active];
  const said = (active && active.sentence) || answer.baseline.sentence;
  byId("answers").replaceChildren(...[
    h("h2", { id: "ends" }, ends),
    said ? h("p", { class: "answer", id: "sentence" }, said) : null,
    h("div", { class: "scroll" }, h("table", { id: "compare" }, h("thead", {}, h("tr", {}, h("td"), columns.map(([name], n) => h("th", { scope: "col", class: css(n) }, name)))), h("tbody", {}, gate, ROWS.map(amount), access))),
    h("p", { class: "note" }, `Small figures: change, and 10–90 % of 200 draws of all figures. An hour is worth ${number(answer.value_of_time_usd_per_hour, 2)} USD; USD of ${answer.baseline.price_year}. Answered in ${number(answer.milliseconds)} ms.`),
    ...reasons,
    ...thresholds(),
    ...legs(answer.scenarios[store.state.active]?.route || answer.baseline.route),
  ].filter(Boolean));
}

function thresholds() {
  if (!limits) return [h("h2", {}, "Thresholds"), h("p", { class: "note" }, "…")];
  const listed = [["baseline", limits.baseline], ...limits.scenarios.map((one, n) => ["ABCD"[n], one])].filter(([, one]) => one && one.bands);
  const here = limits.scenarios[store.state.active]?.limits ? limits.scenarios[store.state.active] : limits.baseline;
  const bound = (value, gate, words) => (value === null ? null : h("span", { class: "small" }, `${words} ${short(value)}: ${nameOf(gate)}`));
  return [
    h("h2", {}, "Thresholds"),
    listed.length ? bandChart(listed) : null,
    here.limits && here.limits.length
      ? h("table", { id: "limits" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "figure"), h("th", { scope: "col", class: "number" }, "now"), h("th", { scope: "col" }, "another gateway wins"))),
        h("tbody", {}, here.limits.slice(0, 6).map((one) => h("tr", {}, h("th", { scope: "row" }, one.what), h("td", { class: "number" }, short(one.now), h("span", { class: "small" }, one.unit)), h("td", {}, bound(one.lower, one.gateway_below, "below"), bound(one.upper, one.gateway_above, "above"))))))
      : h("p", { class: "note" }, `No single figure of ${here.tested ?? 0} flips the gateway.`),
    here.tested ? h("p", { class: "note" }, `${here.flipping} of ${here.tested} figures can flip the gateway alone.`) : null,
  ].filter(Boolean);
}

function bandChart(listed) {
  const now = listed[0][1].bands.now;
  const ends = listed.flatMap(([, one]) => one.bands.intervals.map((part) => part.to || 0));
  const most = Math.max(now * 1.6, 1.25 * Math.max(...ends)) || 1;
  const gates = [...new Set(listed.flatMap(([, one]) => one.bands.intervals.map((part) => part.gateway)))];
  const [left, wide, high] = [62, 300, 22];
  const x = (value) => left + (Math.min(value, most) / most) * wide;
  const words = listed.map(([name, one]) => `${name}: ${one.bands.intervals.map((part) => `${nameOf(part.gateway)} from ${number(part.from, 2)}`).join(", ")}`).join("; ");
  const chart = s("svg", { class: "bands", viewBox: `0 0 ${left + wide + 8} ${listed.length * high + 40}`, role: "img", "aria-label": `Who wins by the value of an hour in USD. ${words}` });
  listed.forEach(([name, one], row) => {
    chart.append(s("text", { x: 0, y: row * high + 15 }, name));
    for (const part of one.bands.intervals) {
      if (part.from >= most) continue;
      const [from, to] = [x(part.from), x(part.to ?? most)];
      chart.append(s("rect", { x: from.toFixed(1), y: row * high + 2, width: Math.max(to - from, 0.5).toFixed(1), height: high - 5, fill: COLOURS[gates.indexOf(part.gateway) % COLOURS.length] }, s("title", {}, `${nameOf(part.gateway)} from ${number(part.from, 2)}`)));
      if (to - from > 62) chart.append(s("text", { class: "over", x: (from + 5).toFixed(1), y: row * high + 15 }, nameOf(part.gateway)));
    }
  });
  const foot = listed.length * high;
  chart.append(s("path", { class: "now", d: `M${x(now).toFixed(1)} 0V${foot + 4}` }), s("text", { x: x(now).toFixed(1), y: foot + 15, "text-anchor": "middle" }, number(now, 2)), s("text", { x: left, y: foot + 32 }, "value of an hour, USD"), s("text", { x: left, y: foot + 15 }, "0"), s("text", { x: left + wide, y: foot + 15, "text-anchor": "end" }, number(most, 0)));
  return chart;
}

function legs(route) {
  if (!route) return [];
  const rows = route.legs.map((leg) => h("tr", {}, h("th", { scope: "row" }, `${leg.kind}, ${nameOf(leg.from)}${leg.to === leg.from ? "" : ` to ${nameOf(leg.to)}`}`), h("td", { class: "number" }, number(leg.hours, 1)), h("td", { class: "number" }, number(leg.cost_usd)), h("td", {}, leg.grade)));
  return [h("details", {}, h("summary", {}, "Leg by leg"), h("table", { class: "legs" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "leg"), h("th", { scope: "col", class: "number" }, "hours"), h("th", { scope: "col", class: "number" }, "USD"), h("th", { scope: "col" }, "grade"))), h("tbody", {}, rows)))];
}

// ---- files and links

function download(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function attempt(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.errors.length) showFaults(error.errors);
  }
}

byId("undo").addEventListener("click", () => store.undo());
byId("redo").addEventListener("click", () => store.redo());
byId("add-link").addEventListener("click", () => startAdding("link"));
byId("add-service").addEventListener("click", () => startAdding("service"));
byId("save").addEventListener("click", () => attempt(async () => download(await (await fetchFrom("/api/yaml", { scenario: active() })).blob(), `${active().scenario}.yaml`)));
byId("geojson").addEventListener("click", () => attempt(async () => download(await (await fetchFrom("/api/geojson", questionOf())).blob(), "routes.geojson")));
byId("report").addEventListener("click", () => attempt(async () => {
  banner("The report of all origins is being made, some seconds …");
  const blob = await (await fetchFrom("/api/report", questionOf())).blob();
  banner("");
  download(blob, "report.html");
}));
byId("share").addEventListener("click", async () => {
  const address = `${location.origin}${location.pathname}#s=${encode(store.state)}`;
  const field_ = h("input", { class: "share", readonly: true, value: address, "aria-label": "Link to this question" });
  banner("");
  byId("banner").hidden = false;
  byId("banner").replaceChildren("This link holds the question and all scenarios:", field_, h("button", { type: "button", onclick: () => banner("") }, "Close"));
  field_.select();
  await navigator.clipboard?.writeText(address).catch(() => null);
});
byId("load").addEventListener("change", () => attempt(async () => {
  const [file] = byId("load").files;
  byId("load").value = "";
  if (!file) return;
  const fault = (words) => (byId("load-fault").textContent = refused = words);
  fault("");
  if (file.size > MOST_BYTES) return fault(`${file.name} is larger than 1 MB; a scenario is a list of changes`);
  try {
    const made = await (await fetchFrom("/api/parse", { text: await file.text() })).json();
    setActive({ changes: [], ...made });
    if (made.as_of) setQuestion({ as_of: made.as_of });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    fault(`${file.name} was not loaded. ${error.errors.map((one) => `${one.where.replace("the file:", "line ")}: ${one.message}${one.hint ? ` (${one.hint})` : ""}`).join("; ")}`);
  }
}));
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches("input, select")) return;
  const key = event.key.toLowerCase();
  if (key === "z") event.shiftKey ? store.redo() : store.undo();
  else if (key === "y") store.redo();
  else return;
  event.preventDefault();
});
const others = new BroadcastChannel(MEMORY);
others.addEventListener("message", (event) => {
  if (event.data === "here?") others.postMessage("here");
  banner("The workbench is open in another tab too. Each tab keeps its own scenarios; neither overwrites the other.");
});

async function start() {
  await attempt(async () => {
    await readNetwork();
    render();
    await askNow();
  });
}

others.postMessage("here?");
render();
start();
