// The report: what is chosen and tried above the map is shown on it, beside it and in the table of origins, at once.

import { countIn, h, inMoney, number, paid, perUsd, sortable, speak, t } from "./dom.js";
import { createMap, extentOf, legendOf, placesOf } from "./map.js";
import { searchBox } from "./search.js";
import { changeKey, fragmentOf, settingOf } from "./setting.js";
import { gateway, overview, pairSide, sourceLink, what } from "./side.js";
import { answer, arcs, arcsOf, baselines, compiled, destinations, forgetChanged, linesOf, modeOf, node, numberOf, origins, routesOf, scenariosOf, solve, study } from "./study.js";
import { bandWords, wordsRow, engineChanges, figureRow, gatewaysOver, knobsOf, savedScenario } from "./tried.js";

speak(study.spoken);
countIn(study.money);
const byId = (id) => document.getElementById(id);

// ---- what is chosen: ids of runs, numbers of places, -1 for all origins

const START = { by: study.by, worth: null, co2: solve ? solve.co2_price : 0, changes: [] };
const chosen = { base: baselines[0], run: null, origin: -1, goal: study.focus, view: "both", ...START };
const people = (place) => node(place).people;
const places = () => (chosen.origin >= 0 ? [chosen.origin] : study.origins);
const plainly = () => chosen.by === START.by && chosen.worth === null && chosen.co2 === START.co2 && chosen.goal === study.focus;

/** A run and its routes under what is chosen, each found when it is asked for. */
function answersOf(run, changes) {
  const known = changes.length || !plainly() ? new Map() : new Map(routesOf(run));
  let graph = null;
  const made = () => (graph ||= compiled(run, chosen, changes));
  const set = changes.length ? new Set(made().arcs.map(numberOf)) : arcsOf(run);
  const route = (place) => {
    if (!known.has(place)) known.set(place, solve ? answer(made(), place, chosen.goal) : null);
    return known.get(place);
  };
  return { run, set, route };
}

let before = null, after = null;

function solveAnew() {
  forgetChanged();
  const base = chosen.run || chosen.base, changes = solve ? engineChanges(base, chosen.changes) : [];
  before = answersOf(chosen.base, []);
  after = chosen.run || changes.length ? answersOf(base, changes) : null;
}

const shown = () => (chosen.view === "before" || !after ? before : after);

// ---- controls

function choices(select, entries, value) {
  select.replaceChildren(...entries.map(([key, words]) => h("option", { value: key, selected: key === value }, words)));
}

function placeChoices(select, first, own, others, value) {
  const option = (place) => h("option", { value: String(place), selected: place === value }, node(place).name);
  const rest = [...others].filter((place) => !own.includes(place)).sort((a, b) => node(a).name.localeCompare(node(b).name));
  select.replaceChildren(...(first ? [h("option", { value: "-1", selected: value < 0 }, first)] : []), ...own.map(option),
    ...(rest.length ? [h("optgroup", { label: t("other places") }, rest.map(option))] : []));
}

function setUp() {
  choices(byId("baseline"), baselines.map((run, n) => [String(n), run.title]), "0");
  byId("baseline").addEventListener("change", (event) => {
    chosen.base = baselines[Number(event.target.value)];
    pickScenario(chosen.run ? chosen.run.scenario : null);
  });
  byId("scenario").addEventListener("change", (event) => pickScenario(event.target.value || null));
  byId("origin").addEventListener("change", (event) => pickOrigin(Number(event.target.value)));
  byId("goal").addEventListener("change", (event) => ((chosen.goal = Number(event.target.value)), draw()));
  for (const radio of document.querySelectorAll("input[name=view]")) {
    radio.addEventListener("change", () => {
      chosen.view = radio.value;
      draw();
    });
  }
  document.querySelectorAll("table.sortable").forEach(sortable);
  byId("legend").append(...legendOf(study.map).flat());
  byId("search").append(searchBox(study.map.nodes, (place) => map.focusNode(place), t("Find a place")));
  if (solve) setUpTrying();
  else byId("try").remove();
}

function pickScenario(name) {
  const listed = scenariosOf(chosen.base);
  chosen.run = listed.find((run) => run.scenario === name) || null;
  choices(byId("scenario"), [["", t("none: the baseline alone")], ...listed.map((run) => [run.scenario, run.title])], chosen.run ? name : "");
  if (solve) drawRows();
  draw();
}

function pickOrigin(origin) {
  chosen.origin = origin;
  draw();
}

// ---- trying

const rows = { worth: null, figures: [] };
const base = () => chosen.run || chosen.base;

function setUpTrying() {
  choices(byId("by"), [["generalised", t("generalised cost")], ["money", t("money")], ["time", t("time")], ["co2", t("CO₂e")]], chosen.by);
  byId("by").addEventListener("change", (event) => ((chosen.by = event.target.value), draw()));
  byId("co2").addEventListener("input", (event) => {
    const given = Number(event.target.value);
    if (event.target.value !== "" && given >= 0) ((chosen.co2 = given), draw());
  });
  byId("add").addEventListener("change", (event) => {
    const knob = knobsOf(base()).get(event.target.value);
    if (knob) chosen.changes = [...chosen.changes.filter((one) => changeKey(one) !== event.target.value), { ...knob.change }];
    drawRows();
    draw();
    const made = byId("figures").lastElementChild;
    if (made) made.querySelector("input, button").focus();
  });
  byId("reset").addEventListener("click", () => {
    Object.assign(chosen, START, { goal: study.focus, changes: [] });
    drawRows();
    draw();
  });
  byId("save").addEventListener("click", saveFile);
  byId("link").addEventListener("click", () => navigator.clipboard.writeText(location.href).then(() => (byId("link").textContent = t("Copied")), () => null));
}

function saveFile() {
  const text = savedScenario(base(), chosen);
  const made = h("a", { href: URL.createObjectURL(new Blob([text], { type: "text/yaml" })), download: "tried.yaml" });
  document.body.append(made);
  made.click();
  made.remove();
}

const HEADS = () => ({ borders: t("Hours at borders"), ports: t("Charges of ports"), lines: t("Sailings of lines"), links: t("Close a link") });

function drawRows() {
  const knobs = knobsOf(base());
  const groups = Object.entries(HEADS()).map(([group, words]) => {
    const own = [...knobs].filter(([, knob]) => knob.group === group);
    return own.length ? h("optgroup", { label: words }, own.map(([key, knob]) => h("option", { value: key }, knob.words))) : null;
  });
  byId("add").replaceChildren(h("option", { value: "" }, t("add a change …")), ...groups.filter(Boolean));
  rows.worth = figureRow({ words: t("value of an hour"), unit: t("USD/h"), now: base().worth, value: chosen.worth ?? Number(base().worth.toFixed(2)), most: Math.max(60, 3 * base().worth), step: 0.1, changed: (value) => ((chosen.worth = value), draw()) });
  rows.figures = chosen.changes.map((change) => {
    const knob = knobs.get(changeKey(change));
    const removed = () => ((chosen.changes = chosen.changes.filter((one) => one !== change)), drawRows(), draw());
    if (!knob) return { row: wordsRow(t("not in this network: {name}", { name: changeKey(change) }), removed) };
    if (change.kind === "close") return { row: wordsRow(t("closed: {name}", { name: knob.words }), removed) };
    return { knob, ...figureRow({ ...knob, value: change.value, changed: (value) => ((change.value = value), draw()), removed }) };
  });
  byId("worth").replaceChildren(rows.worth.row);
  byId("figures").replaceChildren(...rows.figures.map(({ row }) => row));
  byId("by").value = chosen.by;
  byId("co2").value = chosen.co2;
}

/** Below each figure, which gateway is the best over it. */
function drawBands() {
  const pair = byId("try").open && chosen.origin >= 0;
  const changes = engineChanges(base(), chosen.changes);
  const told = (knob, unit) => (pair ? bandWords(gatewaysOver(base(), chosen, changes, knob), unit) : "");
  rows.worth.told.textContent = chosen.by === "generalised" ? told(null, t("USD/h")) : t("plays no part in what is minimised");
  for (const { knob, told: place } of rows.figures) if (knob) place.textContent = told(knob, knob.unit);
}

function drawTried() {
  const told = (route) => (route ? inMoney(t("{usd} USD, {days} days, {co2} kg CO₂e, by {gateway}", { usd: paid(route.usd), days: number(route.hours / 24, 1), co2: number(route.co2), gateway: gateway(route) })) : t("no route"));
  const one = (words, answers) => h("p", {}, h("b", {}, `${words}: `), told(answers.route(chosen.origin)));
  byId("answer").replaceChildren(...(chosen.origin < 0 ? [t("Choose an origin to see its answer here.")] : [one(t("before"), before), after ? one(t("after"), after) : null].filter(Boolean)));
  const told_ = { baseline: chosen.base.baseline, scenario: chosen.run && chosen.run.scenario, origin: chosen.origin >= 0 ? node(chosen.origin).id : "all", destination: node(chosen.goal).id, by: chosen.by, worth: chosen.worth, co2: chosen.co2, changes: chosen.changes };
  const touched = chosen.changes.length || !plainly();
  byId("link").textContent = t("Copy link");
  if (touched || location.hash.startsWith("#try")) history.replaceState(null, "", `#${fragmentOf(told_, solve.codes)}`);
}

/** Takes what the address says; whether it said anything. */
function fromAddress() {
  const told = solve && settingOf(location.hash, solve.codes);
  if (!told) return false;
  const place = (id, known) => study.map.nodes.findIndex((one, number_) => one.id === id && known.has(number_));
  const [origin, goal] = [place(told.origin, origins), place(told.destination, destinations)];
  chosen.base = baselines.find((run) => run.baseline === told.baseline) || baselines[0];
  Object.assign(chosen, { origin, goal: goal < 0 ? study.focus : goal, by: ["generalised", "money", "time", "co2"].includes(told.by) ? told.by : START.by, worth: told.worth, co2: told.co2 ?? START.co2, changes: told.changes });
  byId("baseline").value = String(baselines.indexOf(chosen.base));
  byId("try").open = true;
  pickScenario(told.scenario);
  return true;
}

// ---- map

const map = createMap(byId("map"), study.map, { pick, label: t("Map of the network and its routes; the tables below say the same in words") });

function flows(answers) {
  const found = new Map();
  for (const place of places()) {
    const route = answers.route(place);
    const lines = new Set((route ? route.arcs : []).map((arc) => arcs[arc].line).filter((line) => line >= 0));
    lines.forEach((line) => found.set(line, (found.get(line) || 0) + people(place)));
  }
  return found;
}

function widths(found, narrower) {
  const most = study.origins.reduce((sum, place) => sum + people(place), 0) || 1;
  const size = (weight) => (chosen.origin >= 0 ? 8 : 2.5 + 12 * Math.sqrt(weight / most));
  return new Map([...found].map(([line, weight]) => [line, Math.max(1.5, size(weight) * narrower)]));
}

function drawMap() {
  const routes = [];
  if (chosen.view !== "before" && after) routes.push({ kind: "after", lines: widths(flows(after), 1) });
  if (chosen.view !== "after" || !after) routes.push({ kind: "before", lines: widths(flows(before), after && chosen.view === "both" ? 0.42 : 1) });
  const important = new Set([chosen.goal]);
  for (const answers of [before, after].filter(Boolean)) {
    for (const place of places()) {
      const route = answers.route(place);
      if (chosen.origin >= 0) important.add(place);
      if (route && route.gateway !== null) important.add(route.gateway);
      if (route && chosen.origin >= 0) route.arcs.filter((arc) => arcs[arc].kind === "crossing").forEach((arc) => important.add(arcs[arc].from));
    }
  }
  const there = before.set;
  const more = after && chosen.view !== "before" ? [...after.set].filter((arc) => !there.has(arc)) : [];
  const closed = chosen.changes.filter((change) => change.kind === "close").map((change) => study.map.lines.findIndex((line) => line.id === change.link));
  const lines = linesOf(shown().run);
  if (shown() === after) closed.forEach((line) => lines.delete(line));
  map.show({ lines, routes, important, marked: new Set(more.map((arc) => arcs[arc].line).filter((line) => line >= 0)) });
}

function pick(kind, place) {
  const here = [...shown().set].map((arc) => arcs[arc]);
  if (kind === "node") {
    const row = node(place);
    const steps = here.filter((arc) => arc.from === place && arc.kind === "terminal");
    const told = [study.map.types[row.type].label, row.country, row.people ? t("{count} people", { count: number(row.people) }) : null].filter(Boolean).join(", ");
    return popup(row.name, told, steps);
  }
  const row = study.map.lines[place];
  const own = here.filter((arc) => arc.line === place);
  const seen = new Set();
  const steps = [];
  for (const arc of own) {
    const key = `${arc.kind}${arc.label}${arc.from}${arc.mode}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (arc.kind === "sail") steps.push(...here.filter((other) => other.kind === "board" && other.label === arc.label && other.from === arc.from).slice(0, 1));
    steps.push(arc);
  }
  const told = [modeOf(row).way, row.gauge ? `${row.gauge} mm` : null, `${number(row.km)} km`].filter(Boolean).join(", ");
  return popup(row.name, told, steps);
}

function popup(title, told, steps) {
  const sources = [...new Set(steps.flatMap((arc) => arc.sources))];
  const cell = (words) => h("td", { class: "number" }, words), head = (words) => h("th", { class: "number" }, words);
  const line = (arc) => h("tr", {}, h("td", {}, what(arc)), cell(`${number(arc.hours, 1)} h`), cell(paid(arc.usd)), cell(number(arc.co2)), h("td", {}, arc.grade));
  const heads = h("tr", {}, h("th", {}, ""), head(t("hours")), head(inMoney("USD")), head(t("kg CO₂e")), h("th", {}, t("grade")));
  return h("div", {}, h("h3", {}, title), h("p", {}, told), steps.length ? h("table", {}, heads, steps.map(line)) : null,
    sources.length ? h("p", {}, `${t("Sources")}${t(": ")}`, sources.map((source, n) => [n ? ", " : "", sourceLink(source)])) : null);
}

// ---- beside the map, and the table of origins

function drawSide() {
  const side = chosen.origin < 0
    ? overview({ origins: study.origins, goal: chosen.goal, before: before.route, after: after && after.route })
    : pairSide({ origin: chosen.origin, goal: chosen.goal, before: before.route(chosen.origin), after: after ? after.route(chosen.origin) : undefined, shownAfter: shown() === after });
  byId("side").replaceChildren(...side);
}

function drawOrigins() {
  const columns = [[t("from"), ""], [t("gateway"), ""], [inMoney("USD"), "number"], [t("days"), "number"], [t("kg CO₂e"), "number"],
    ...(after ? [[t("gateway after"), ""], ...["USD", t("days"), t("kg CO₂e"), t("generalised USD")].map((unit) => [`Δ\u00a0${inMoney(unit)}`, "number"])] : [])];
  const listed = study.origins.map((place) => {
    const [old, now] = [before.route(place), after ? after.route(place) : null];
    const cell = (value, digits, signed) => h("td", { class: "number", "data-value": value === null ? "" : value }, number(value, digits, signed));
    const plain = old ? [cell(old.usd * perUsd(), 0), cell(old.hours / 24, 1), cell(old.co2, 0)] : [cell(null), cell(null), cell(null)];
    const differ = (of, digits) => cell(old && now ? of(now) - of(old) : null, digits, true);
    const moved = after && gateway(old) !== gateway(now);
    const changes = after ? [h("td", { class: moved ? "moved" : "" }, moved ? gateway(now) : t("same")), differ((r) => r.usd * perUsd(), 0), differ((r) => r.hours / 24, 1), differ((r) => r.co2, 0), differ((r) => r.generalised * perUsd(), 0)] : [];
    const button = h("button", { type: "button", class: "name", onclick: () => (pickOrigin(place), byId("explore").scrollIntoView()) }, node(place).name);
    return h("tr", {}, h("th", { scope: "row" }, button), h("td", {}, gateway(old)), plain, changes);
  });
  const scenario = [chosen.run && chosen.run.title, after && chosen.changes.length ? t("what is tried") : null].filter(Boolean).join(" + ");
  const title = after ? t("{title}: without and with “{scenario}”", { title: chosen.base.title, scenario }) : chosen.base.title;
  byId("origins").replaceChildren(
    sortable(h("table", { class: "sortable" }, h("caption", {}, title),
      h("thead", {}, h("tr", {}, columns.map(([words, css]) => h("th", { scope: "col", class: css || null }, words)))), h("tbody", {}, listed))),
  );
}

/** What is asked, in words for paper, where there are no controls. */
function drawAsked() {
  const tried = !solve ? [] : chosen.changes.map((change) => [change, knobsOf(base()).get(changeKey(change))]).filter(([, knob]) => knob)
    .map(([change, knob]) => (change.kind === "close" ? t("closed: {name}", { name: knob.words }) : `${knob.words}${t(": ")}${number(change.value, 2)} ${knob.unit}`));
  const worth = chosen.worth === null ? [] : [`${t("value of an hour")}${t(": ")}${number(chosen.worth, 2)} ${t("USD/h")}`];
  byId("asked").textContent = [chosen.base.title, chosen.run && chosen.run.title, ...worth, ...tried].filter(Boolean).join("; ");
}

function drawAll() {
  solveAnew();
  drawAsked();
  placeChoices(byId("origin"), t("All origins, by people"), study.origins, origins.keys(), chosen.origin);
  placeChoices(byId("goal"), null, [study.focus], destinations.keys(), chosen.goal);
  drawMap();
  drawSide();
  drawOrigins();
  if (solve) drawTried();
  if (solve) drawBands();
}

let waiting = false;
/** Draws once a frame, however often it is asked. */
function draw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => ((waiting = false), drawAll()));
}

setUp();
/** The box of all places and ways that routes of the study pass. */
function reach() {
  const passed = [...new Set(study.runs.flatMap((run) => [...routesOf(run).values()]).flatMap((route) => (route ? route.arcs : [])))];
  const ends = [study.focus, ...study.origins, ...passed.map((arc) => arcs[arc].from)].map((place) => [node(place).x, node(place).y]);
  const ways = [...new Set(passed.map((arc) => arcs[arc].line))].flatMap((line) => (line >= 0 ? placesOf(study.map.lines[line].d) : []));
  return extentOf([...ends, ...ways]);
}
map.setExtent(reach());
const told = study.told || {};
if (told.origin !== undefined) chosen.origin = study.origins[told.origin] ?? -1;
if (!fromAddress()) pickScenario(told.scenario || null);
drawAll();
addEventListener("hashchange", fromAddress);
/* a chart that is wider than a phone is moved with the arrow keys too */
const wider = new ResizeObserver((found) => found.forEach(({ target }) => (target.scrollWidth > target.clientWidth ? target.setAttribute("tabindex", 0) : target.removeAttribute("tabindex"))));
document.querySelectorAll(".charts figure").forEach((figure) => wider.observe(figure));
if (solve) byId("try").addEventListener("toggle", draw);
