// The workbench: what is chosen and changed is asked of the server, and its answer shown.

import { active, badLink, bench, byId, MEMORY, nameOf, setActive, setQuestion, store } from "./bench.js";
import { drawAnswer } from "./answer.js";
import { h, t } from "./dom.js";
import { drawnLines, isAdding, pickEnd, startAdding, stopAdding } from "./drawn.js";
import { attempt, clearFaults, showFaults } from "./faults.js";
import { popupOf } from "./fields.js";
import { beginLayers, keyOfLayer, layerRoutes, layerShades, readLayer } from "./layers.js";
import { createMap, extentOf, placesOf } from "./map.js";
import { blobOf, pictureOf } from "./picture.js";
import { addScenario, refuseFile, renderScenario, renderTabs } from "./scenario.js";
import { searchBox } from "./search.js";
import { banner, download, fetchFrom, language, onReturn, progress, questionOf, Refused } from "./server.js";
import { linkTo } from "./share.js";
import { asked, completed } from "./state.js";

const MOST_BYTES = 1_000_000;
const form = byId("question");
let opened = null;

bench.changed = () => {
  render();
  if (bench.map) drawMap();
  refreshPopup();
  ask();
};

// ---- asking

let turn = 0;
let asking = null;

/** Marks the answer as one of before until the next has come, and asks for that. */
function ask() {
  clearTimeout(ask.waiting);
  byId("answers").classList.add("waiting");
  ask.waiting = setTimeout(askNow, 50);
}

async function askNow() {
  if (!bench.net) return;
  const mine = (turn += 1);
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const done = progress(byId("progress"), t("Working it out …"));
  const begun = performance.now();
  byId("answers").classList.add("waiting");
  stale(bench.answer && bench.answer.of !== JSON.stringify(questionOf()));
  try {
    if (bench.net.as_of !== store.state.question.as_of) await readNetwork();
    else if (bench.net.cargo !== store.state.question.cargo) await readFigures();
    const question = questionOf();
    const told = await (await fetchFrom("/api/answer", question, signal)).json();
    if (mine !== turn) return;
    [bench.answer, bench.limits] = [told, null];
    Object.assign(bench.answer, { milliseconds: performance.now() - begun, of: JSON.stringify(question) });
    stale(false);
    done();
    showFaults(told.scenarios.flatMap((one) => one.errors || []));
    drawAnswer();
    drawMap();
    refreshPopup();
    if (mine === turn) byId("answers").classList.remove("waiting");
    readLayer().then(() => mine === turn && drawMap());
    bench.limits = await limitsOf(question, signal);
    if (mine === turn) drawAnswer();
  } catch (error) {
    if (!(error instanceof Refused) && error.name !== "AbortError") throw error;
    if (mine === turn && error.errors?.length) showFaults(error.errors);
  } finally {
    done();
    if (mine === turn) byId("answers").classList.remove("waiting");
  }
}

/** The thresholds of a question; where they cannot be had, why. */
async function limitsOf(question, signal) {
  try {
    return await (await fetchFrom("/api/thresholds", question, signal)).json();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { failed: error.message || null };
  }
}

/** Says whether what is shown is of another question than the one asked now. */
function stale(is) {
  byId("answers").classList.toggle("stale", Boolean(is));
  byId("stale").hidden = !is;
}

// ---- network and map

async function fetchNetwork() {
  const { as_of, cargo } = store.state.question;
  const chosen = Object.entries({ as_of, cargo, language }).filter(([, value]) => value !== null);
  return (await fetchFrom(`/api/network?${new URLSearchParams(chosen)}`)).json();
}

/** Reads the figures of another cargo; the map stays as it is. */
async function readFigures() {
  const { cargo, crossings, terminals, services, links } = await fetchNetwork();
  Object.assign(bench.net, { cargo, crossings, terminals, services, links });
  bench.map.close();
}

async function readNetwork() {
  const net = await fetchNetwork();
  const nodes = net.map.nodes;
  net.node = new Map(nodes.map((node, n) => [node.id, n]));
  net.line = new Map(net.map.lines.map((line, n) => [line.id, n]));
  net.own = net.map.lines.length;
  bench.net = net;
  store.begin({ ...store.state, question: completed(store.state.question, net) });
  byId("credit").textContent = [net.map.projection, net.map.credit].filter(Boolean).join(" ");
  byId("map").replaceChildren();
  byId("search").replaceChildren(searchBox(nodes, goTo));
  bench.map = createMap(byId("map"), net.map, { label: t("Map of the network"), pick, wheel: "always" });
  const seen = [...new Set([...net.origins, ...net.markets])].map((id) => net.node.get(id)).filter((n) => n !== undefined);
  bench.map.setExtent(extentOf(seen.map((n) => [nodes[n].x, nodes[n].y])));
  fillForm();
}

/** Shows a place found by name; who goes by keys is led into its popup. */
function goTo(place) {
  bench.map.focusNode(place);
  const byKey = window.event?.type === "keydown" || (window.event?.type === "click" && window.event.detail === 0);
  if (byKey && !isAdding()) addEventListener("keyup", () => byId("map").querySelector(".map-popup:not([hidden]) .close")?.focus(), { once: true });
}

/** The number of a line that only a scenario has; one that is drawn otherwise than before is another line. */
function numberOf(line) {
  const { net } = bench;
  const key = `${line.id} ${line.mode} ${line.d}`;
  if (!net.line.has(key)) {
    net.line.set(key, net.map.lines.length);
    net.map.lines.push(line);
  }
  return net.line.get(key);
}

/** The numbers of the lines an answer brings, by id; those of the network where it has them. */
function linesTold(found) {
  const { net } = bench;
  const there = (found?.lines || []).filter((line) => net.node.has(line.from) && net.node.has(line.to));
  return new Map(there.map((line) => [line.id, net.line.get(line.id) ?? numberOf({ ...line, from: net.node.get(line.from), to: net.node.get(line.to) })]));
}

function drawMap() {
  const { net, answer, map } = bench;
  const now = answer?.scenarios[store.state.active];
  const [before, after] = [answer?.baseline, now].map((found) => {
    const told = linesTold(found);
    const number = (id) => told.get(id) ?? net.line.get(id);
    return { told, path: new Map((found?.path || []).filter((id) => id !== null).map((id) => [number(id), 6]).filter(([line]) => line !== undefined)) };
  });
  const drawn = drawnLines().map((line) => net.line.get(line.id) ?? after.told.get(line.id) ?? numberOf(line));
  const same = [...after.path.keys()].join() === [...before.path.keys()].join();
  const routes = [{ kind: "before", lines: new Map([...before.path.keys()].map((line) => [line, same ? 6 : 4])) }];
  if (now?.path && !same) routes.unshift({ kind: "after", lines: after.path });
  const important = new Set([answer?.baseline, now].filter((one) => one && one.route).flatMap((one) => [one.route.gateway, ...one.route.legs.map((leg) => leg.from)]));
  const ends = [store.state.question.origin, store.state.question.destination];
  if (answer && !net.framed) {
    net.framed = true;
    const seen = [...new Set([...net.origins, ...important, ...ends])].filter((id) => net.node.has(id)).map((id) => net.map.nodes[net.node.get(id)]);
    const along = [...before.path.keys(), ...after.path.keys()].flatMap((line) => placesOf(net.map.lines[line].d));
    map.setExtent(extentOf([...seen.map((node) => [node.x, node.y]), ...along]));
  }
  const touched = active().changes.filter((one) => !one.off).flatMap((one) => (one.where?.link_id ? [one.where.link_id].flat() : []));
  const marked = touched.map((id) => net.line.get(id)).filter((n) => n !== undefined);
  const own = Array.from({ length: net.own }, (_, n) => n);
  map.show({
    lines: new Set([...own, ...drawn, ...before.path.keys(), ...after.path.keys()]),
    routes: [...layerRoutes((id) => after.told.get(id) ?? net.line.get(id)), ...routes],
    shades: layerShades(),
    important: [...important, ...ends].filter((id) => net.node.has(id)).map((id) => net.node.get(id)),
    marked: [...marked, ...drawn],
  });
}

function pick(kind, place) {
  if (isAdding()) {
    if (kind === "node") pickEnd(place, showDrawn);
    return null;
  }
  opened = [kind, place];
  return popupOf(kind, place);
}

/** Opens what has just been drawn at its second end: all its fields stand there. */
function showDrawn(table, id, place) {
  setTimeout(() => bench.map.focusNode(place));
}

/** Fills an open popup again where nobody types in it. */
function refreshPopup() {
  const popup = byId("map").querySelector(".map-popup");
  const focus = document.activeElement;
  if (!opened || !popup || popup.hidden || (popup.contains(focus) && focus.matches("input:not([type=checkbox])"))) return;
  const open = new Set([...popup.querySelectorAll("details")].filter((one) => one.open).map((one) => one.firstChild.textContent));
  const named = popup.contains(focus) && [focus.tagName, focus.getAttribute("aria-label") || focus.dataset.column || focus.labels?.[0]?.textContent];
  const content = popupOf(...opened);
  for (const one of content.querySelectorAll("details")) one.open = open.has(one.firstChild.textContent) || one.open;
  popup.firstElementChild.replaceWith(content);
  if (!named) return;
  const same = [...popup.querySelectorAll(named[0])].find((one) => (one.getAttribute("aria-label") || one.dataset.column || one.labels?.[0]?.textContent) === named[1]);
  (same || popup.querySelector(".close")).focus();
}

// ---- the question

function fillForm() {
  const { net } = bench;
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

/** Takes what is typed into the question; what cannot be is marked, and the question stays as it was. */
function typed(input) {
  const isNumber = input.type === "number";
  const empty = input.value === "";
  const wrong = input.validity.badInput || (!empty && !input.validity.valid) || (empty && input.required);
  const fault = input.parentElement.querySelector(".fault");
  if (fault) fault.textContent = wrong ? (isNumber ? t("a number, 0 or more") : t("a day, year-month-day")) : "";
  if (wrong) return input.setAttribute("aria-invalid", "true");
  input.removeAttribute("aria-invalid");
  setQuestion({ [input.name]: isNumber ? (empty ? null : input.valueAsNumber) : input.value });
}

for (const input of form.elements) input.addEventListener(input.type === "number" ? "input" : "change", () => typed(input));
form.addEventListener("submit", (event) => event.preventDefault());

function render() {
  for (const input of form.elements) {
    if (!input.name || document.activeElement === input) continue;
    input.value = store.state.question[input.name] ?? "";
    if (input.tagName === "SELECT") input.title = input.selectedOptions[0]?.textContent || "";
  }
  byId("undo").disabled = !store.canUndo;
  byId("redo").disabled = !store.canRedo;
  renderTabs();
  renderScenario();
}

// ---- what is pressed

const press = (id, act) => byId(id).addEventListener("click", act);
press("undo", () => store.undo());
press("redo", () => store.redo());
press("add-link", () => startAdding("link"));
press("add-service", () => startAdding("service"));
press("add-scenario", addScenario);
press("save", () => attempt(async () => download(await (await fetchFrom("/api/yaml", { scenario: asked(active()) })).blob(), `${active().scenario}.yaml`)));
press("geojson", () => attempt(async () => download(await (await fetchFrom("/api/geojson", questionOf())).blob(), "routes.geojson")));
press("report", () => attempt(async () => {
  const note = h("span", {});
  banner("", {});
  byId("banner").hidden = false;
  byId("banner").className = "quiet";
  byId("banner").replaceChildren(note);
  const done = progress(note, t("The report of all origins is being made …"));
  try {
    download(await (await fetchFrom("/api/report", questionOf())).blob(), "report.html");
  } finally {
    done();
    if (byId("banner").firstChild === note) banner("");
  }
}));
/** The classes of the layer as a picture has them: colour and words, the layer's name first. */
function pictureKey() {
  const colour = (css) => getComputedStyle(byId("legend").querySelector(`.${css}`)).backgroundColor;
  const found = keyOfLayer().map(([css, words]) => [colour(css), words]);
  return found.length ? [[null, byId("legend").querySelector("strong").textContent], ...found] : [];
}
byId("picture").addEventListener("change", async () => {
  const kind = byId("picture").value;
  byId("picture").value = "";
  if (!kind) return;
  const made = pictureOf(byId("map").querySelector("svg"), byId("sentence").textContent || byId("ends").textContent, byId("credit").textContent, pictureKey());
  download(await blobOf(made, kind), `map.${kind}`);
});
press("share", async () => {
  const address = linkTo(store.state, byId("layer").value);
  const field = h("input", { class: "share", readonly: true, value: address, "aria-label": t("Link to this question") });
  banner(t("This link holds the question and all scenarios:"), { quiet: true, parts: [field] });
  field.select();
  await navigator.clipboard?.writeText(address).catch(() => null);
});
byId("load").addEventListener("change", () => attempt(async () => {
  const [file] = byId("load").files;
  byId("load").value = "";
  if (!file) return;
  refuseFile("");
  if (file.size > MOST_BYTES) return refuseFile(t("{file} is larger than 1 MB; a scenario is a list of changes", { file: file.name }));
  try {
    const made = await (await fetchFrom("/api/parse", { text: await file.text() })).json();
    setActive({ changes: [], ...made });
    if (made.as_of) setQuestion({ as_of: made.as_of });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const told = error.errors.map((one) => `${one.where.replace("the file:", `${t("line")} `)}: ${one.message}${one.hint ? ` (${one.hint})` : ""}`);
    refuseFile(`${t("{file} was not loaded.", { file: file.name })} ${told.join("; ")}`);
  }
}));
byId("language").addEventListener("change", () => (location.search = `?lang=${byId("language").value}`));
addEventListener("keydown", (event) => {
  if (event.key === "Escape") stopAdding();
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
  banner(t("The workbench is open in another tab too. Each tab keeps its own scenarios; neither overwrites the other."), { quiet: true });
});

async function start() {
  await attempt(async () => {
    await readNetwork();
    render();
    clearFaults();
    await askNow();
  });
}

beginLayers(() => bench.net && drawMap());
onReturn(() => (bench.net ? ask() : start()));
others.postMessage("here?");
if (badLink) banner(t("The link holds no scenario that can be read; this is a new one."));
byId("language").value = language;
render();
start();
