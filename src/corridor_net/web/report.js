// The report: what is chosen above the map is shown on it, beside it and in the table of origins.

import { fitted, h, number, s, sortable } from "./dom.js";
import { createMap, extentOf, legendOf } from "./map.js";
import { searchBox } from "./search.js";

const study = JSON.parse(document.getElementById("study").textContent);
const [KIND, MODE, FROM, TO, LINE, LABEL, KM, CO2, PARTS] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const GROUPS = study.group_names;
const modeOf = (row) => study.map.modes[row.mode] || { label: row.mode, way: row.mode, vehicle: row.mode };
const byId = (id) => document.getElementById(id);
const node = (place) => study.map.nodes[place];

// ---- arcs and runs

const arcs = study.arcs.map((row) => {
  const totals = { usd: 0, hours: 0 };
  const groups = { usd: GROUPS.map(() => 0), hours: GROUPS.map(() => 0) };
  const sources = new Set();
  let grade = "";
  for (const part of row[PARTS]) {
    const [component, isHours, amount, partGrade, partSources] = study.parts[part];
    const quantity = isHours ? "hours" : "usd";
    totals[quantity] += amount;
    groups[quantity][study.groups[component]] += amount;
    if (partGrade > grade) grade = partGrade;
    partSources.forEach((source) => sources.add(source));
  }
  return {
    kind: row[KIND], mode: row[MODE], from: row[FROM], to: row[TO], line: row[LINE], label: study.labels[row[LABEL]], km: row[KM],
    co2: row[CO2], parts: row[PARTS], ...totals, groups, sources: [...sources], grade,
  };
});

const baselines = study.runs.filter((run) => !run.scenario);

function arcsOf(run) {
  if (!run.set) {
    const base = baselines.find((other) => other.baseline === run.baseline);
    run.set = new Set(base.arcs);
    (run.less || []).forEach((arc) => run.set.delete(arc));
    (run.more || []).forEach((arc) => run.set.add(arc));
  }
  return run.set;
}

const linesOf = (run) => new Set([...arcsOf(run)].map((arc) => arcs[arc].line).filter((line) => line >= 0));

// ---- what is chosen

const chosen = { base: baselines[0], run: null, origin: -1, view: "both" };
const scenarios = () => study.runs.filter((run) => run.scenario && run.baseline === chosen.base.baseline);
const people = study.origins.map((place) => node(place).people);

function shown() {
  const after = chosen.run || chosen.base;
  return chosen.view === "before" ? chosen.base : after;
}

function choices(select, entries, value) {
  select.replaceChildren(...entries.map(([key, words]) => h("option", { value: key, selected: key === value }, words)));
}

function setUp() {
  choices(byId("baseline"), baselines.map((run, n) => [String(n), run.title]), "0");
  choices(byId("origin"), [["-1", "All origins, by people"], ...study.origins.map((place, n) => [String(n), node(place).name])], "-1");
  byId("baseline").addEventListener("change", (event) => {
    chosen.base = baselines[Number(event.target.value)];
    pickScenario(chosen.run ? chosen.run.scenario : null);
  });
  byId("scenario").addEventListener("change", (event) => pickScenario(event.target.value || null));
  byId("origin").addEventListener("change", (event) => pickOrigin(Number(event.target.value)));
  for (const radio of document.querySelectorAll("input[name=view]")) {
    radio.addEventListener("change", () => {
      chosen.view = radio.value;
      draw();
    });
  }
  document.querySelectorAll("table.sortable").forEach(sortable);
  byId("legend").append(...legendOf(study.map).flat());
  byId("search").append(searchBox(study.map.nodes, (place) => map.focusNode(place)));
}

function pickScenario(name) {
  const listed = scenarios();
  chosen.run = listed.find((run) => run.scenario === name) || null;
  choices(byId("scenario"), [["", "none: the baseline alone"], ...listed.map((run) => [run.scenario, `${run.scenario}: ${run.title}`])], name || "");
  draw();
}

function pickOrigin(origin) {
  chosen.origin = origin;
  byId("origin").value = String(origin);
  draw();
}

// ---- map

const map = createMap(byId("map"), study.map, { pick, label: "Map of the network and its routes; the tables below say the same in words" });

function flows(run) {
  const found = new Map();
  study.origins.forEach((_, origin) => {
    if (chosen.origin >= 0 && origin !== chosen.origin) return;
    const route = run.routes[origin];
    const lines = new Set((route ? route.arcs : []).map((arc) => arcs[arc].line).filter((line) => line >= 0));
    lines.forEach((line) => found.set(line, (found.get(line) || 0) + people[origin]));
  });
  return found;
}

function widths(found, narrower) {
  const most = people.reduce((sum, n) => sum + n, 0) || 1;
  const size = (weight) => (chosen.origin >= 0 ? 8 : 2.5 + 12 * Math.sqrt(weight / most));
  return new Map([...found].map(([line, weight]) => [line, Math.max(1.5, size(weight) * narrower)]));
}

function drawMap() {
  const routes = [];
  if (chosen.view !== "before" && chosen.run) routes.push({ kind: "after", lines: widths(flows(chosen.run), 1) });
  if (chosen.view !== "after" || !chosen.run) routes.push({ kind: "before", lines: widths(flows(chosen.base), chosen.run && chosen.view === "both" ? 0.42 : 1) });
  const important = new Set([study.focus]);
  for (const run of [chosen.base, chosen.run].filter(Boolean)) {
    study.origins.forEach((place, origin) => {
      if (chosen.origin >= 0 && origin !== chosen.origin) return;
      const route = run.routes[origin];
      if (chosen.origin >= 0) important.add(place);
      if (route && route.gateway !== null) important.add(route.gateway);
      if (route && chosen.origin >= 0) route.arcs.filter((arc) => arcs[arc].kind === "crossing").forEach((arc) => important.add(arcs[arc].from));
    });
  }
  const marked = new Set((chosen.run && chosen.view !== "before" ? chosen.run.more : []).map((arc) => arcs[arc].line).filter((line) => line >= 0));
  map.show({ lines: linesOf(shown()), routes, important, marked });
}

function pick(kind, place) {
  const here = [...arcsOf(shown())].map((arc) => arcs[arc]);
  if (kind === "node") {
    const row = node(place);
    const rows = here.filter((arc) => arc.from === place && arc.kind === "terminal");
    const told = [study.map.types[row.type].label, row.country, row.people ? `${number(row.people)} people` : null].filter(Boolean).join(", ");
    return popup(row.name, told, rows);
  }
  const row = study.map.lines[place];
  const own = here.filter((arc) => arc.line === place);
  const seen = new Set();
  const rows = [];
  for (const arc of own) {
    const key = `${arc.kind}${arc.label}${arc.from}${arc.mode}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (arc.kind === "sail") rows.push(...here.filter((other) => other.kind === "board" && other.label === arc.label && other.from === arc.from).slice(0, 1));
    rows.push(arc);
  }
  const told = [modeOf(row).way, row.gauge ? `${row.gauge} mm` : null, `${number(row.km)} km`].filter(Boolean).join(", ");
  return popup(row.name, told, rows);
}

function popup(title, told, rows) {
  const sources = [...new Set(rows.flatMap((arc) => arc.sources))];
  const line = (arc) =>
    h("tr", {}, h("td", {}, what(arc)), h("td", { class: "number" }, `${number(arc.hours, 1)} h`), h("td", { class: "number" }, number(arc.usd)),
      h("td", { class: "number" }, number(arc.co2)), h("td", {}, arc.grade));
  const head = h("tr", {}, h("th", {}, ""), h("th", { class: "number" }, "hours"), h("th", { class: "number" }, "USD"), h("th", { class: "number" }, "kg CO₂e"), h("th", {}, "grade"));
  return h("div", {}, h("h3", {}, title), h("p", {}, told), rows.length ? h("table", {}, head, rows.map(line)) : null,
    sources.length ? h("p", {}, "Sources: ", sources.map((source, n) => [n ? ", " : "", sourceLink(source)])) : null);
}

function sourceLink(number_) {
  const source = study.map.sources[number_];
  if (!source.title) return h("span", {}, source.id);
  return h("a", { href: `#source-${source.id}`, title: source.title }, source.id);
}

function what(arc) {
  if (arc.kind === "haul") return `${modeOf(arc).label}, ${node(arc.from).name} to ${node(arc.to).name}`;
  if (arc.kind === "crossing") return `border, ${arc.label}`;
  if (arc.kind === "terminal") return `${arc.label}, ${node(arc.from).name}`;
  if (arc.kind === "board") return `boarding, ${arc.label}, ${node(arc.from).name}`;
  return `${modeOf(arc).vehicle}, ${node(arc.from).name} to ${node(arc.to).name}`;
}

// ---- beside the map

const MEASURES = [
  ["USD a box", (r) => r.usd, 0],
  ["days", (r) => r.hours / 24, 1],
  ["kg CO₂e", (r) => r.co2, 0],
  ["generalised USD", (r) => r.generalised, 0],
  ["km", (r) => r.km, 0],
];

function gateway(route) {
  if (!route) return "no route";
  return route.gateway === null ? "by land" : node(route.gateway).name;
}

function drawSide() {
  const side = byId("side");
  if (chosen.origin < 0) return side.replaceChildren(...overview());
  const before = chosen.base.routes[chosen.origin];
  const after = chosen.run ? chosen.run.routes[chosen.origin] : null;
  const routes = chosen.run ? [before, after] : [before];
  const amount = ([words, of, digits]) => h("tr", {}, h("th", { scope: "row" }, words),
    routes.map((route) => h("td", { class: "number" }, route ? number(of(route), digits) : "–")),
    chosen.run ? h("td", { class: "number" }, before && after ? number(of(after) - of(before), digits, true) : "–") : null);
  const head = (words, kind) => h("th", { scope: "col", class: "number" }, h("span", { class: `swatch ${kind}` }), words);
  side.replaceChildren(
    h("h3", {}, `${node(study.origins[chosen.origin]).name} to ${node(study.focus).name}`),
    h("div", { class: "scroll" }, h("table", { class: "totals" },
      h("thead", {}, h("tr", {}, h("td", {}), head("before", "before"), chosen.run ? [head("after", "after"), head("change", "none")] : null)),
      h("tbody", {}, h("tr", {}, h("th", { scope: "row" }, "gateway"), routes.map((route) => h("td", { class: "number" }, gateway(route))),
        chosen.run ? h("td", { class: "number" }, gateway(before) === gateway(after) ? "same" : "moved") : null), MEASURES.map(amount)))),
    ...bars(before, after),
    legs(chosen.run && chosen.view !== "before" ? after : before, chosen.run && chosen.view !== "before" ? "after" : "before"),
  );
}

function overview() {
  const count = (run) => {
    const found = new Map();
    study.origins.forEach((_, origin) => {
      const name = gateway(run.routes[origin]);
      const entry = found.get(name) || { origins: 0, people: 0 };
      found.set(name, { origins: entry.origins + 1, people: entry.people + people[origin] });
    });
    return found;
  };
  const before = count(chosen.base);
  const after = chosen.run ? count(chosen.run) : before;
  const listed = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => ((after.get(b) || {}).people || 0) - ((after.get(a) || {}).people || 0));
  const cells = (entry) => [h("td", { class: "number" }, entry ? String(entry.origins) : "0"), h("td", { class: "number" }, number((entry ? entry.people : 0) / 1e6, 1))];
  return [
    h("h3", {}, `Gateways to ${node(study.focus).name}`),
    h("div", { class: "scroll" }, h("table", { class: "totals" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "gateway"), h("th", { scope: "col", class: "number" }, "origins before"), h("th", { scope: "col", class: "number" }, "million people"),
        chosen.run ? [h("th", { scope: "col", class: "number" }, "origins after"), h("th", { scope: "col", class: "number" }, "million people")] : null)),
      h("tbody", {}, listed.map((name) => h("tr", {}, h("th", { scope: "row" }, name), cells(before.get(name)), chosen.run ? cells(after.get(name)) : null))))),
    h("p", { class: "note" }, "Lines are as thick as the people (square root) whose boxes take them. Choose an origin for its route leg by leg; press a place or a line on the map for its figures and sources."),
  ];
}

function bars(before, after) {
  const rows = [["before", before], ["after", chosen.run ? after : null]].filter(([, route]) => route);
  const sum = (route, quantity) => GROUPS.map((_, group) => route.arcs.reduce((total, arc) => total + arcs[arc].groups[quantity][group], 0));
  return [["usd", "Cost, USD", 0, 1], ["hours", "Time, days", 1, 24]].map(([quantity, words, digits, unit]) => {
    const sums = rows.map(([name, route]) => {
      const parts = sum(route, quantity);
      return [name, parts, fitted(parts.map((part) => part / unit), digits, route[quantity] / unit), route[quantity] / unit];
    });
    const most = Math.max(...sums.map(([, parts]) => parts.reduce((a, b) => a + b, 0)), 1);
    const chart = s("svg", { class: "bars", viewBox: `0 0 320 ${sums.length * 24}`, role: "img", "aria-label": `${words}: ${sums.map(([name, , told]) => `${name}: ${told.map((p, g) => `${GROUPS[g]} ${number(p, digits)}`).join(", ")}`).join("; ")}` });
    sums.forEach(([name, parts, told, total], line) => {
      let x = 46;
      chart.append(s("text", { x: 0, y: line * 24 + 15 }, name));
      parts.forEach((part, group) => {
        const wide = (part / most) * 226;
        if (wide <= 0) return;
        chart.append(s("rect", { x: x.toFixed(1), y: line * 24 + 3, width: wide.toFixed(1), height: 17, class: `group${group}` }, s("title", {}, `${GROUPS[group]}: ${number(told[group], digits)}`)));
        x += wide;
      });
      chart.append(s("text", { x: x + 5, y: line * 24 + 15 }, number(total, digits)));
    });
    return h("figure", { class: "bar-figure" }, h("figcaption", {}, words, h("span", { class: "keys" }, GROUPS.map((group, n) => [h("span", { class: `key group${n}` }), group]))), chart);
  });
}

function legs(route, when) {
  if (!route) return h("p", {}, "No route.");
  const rows = route.arcs.map((number_) => arcs[number_]);
  const shown = [["hours", 1], ["usd", 0], ["co2", 0]].map(([name, digits]) => [fitted(rows.map((arc) => arc[name]), digits, route[name]), route[name], digits]);
  const cells = (row) => shown.map(([parts, total, digits]) => h("td", { class: "number" }, number(row < 0 ? total : parts[row], digits)));
  return h("details", { open: window.innerWidth > 900 }, h("summary", {}, `Leg by leg, ${when}`),
    h("div", { class: "scroll" }, h("table", { class: "legs" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "leg"), h("th", { scope: "col", class: "number" }, "hours"), h("th", { scope: "col", class: "number" }, "USD"), h("th", { scope: "col", class: "number" }, "kg CO₂e"), h("th", { scope: "col" }, "grade"), h("th", { scope: "col" }, "sources"))),
      h("tbody", {}, rows.map((arc, row) => h("tr", {}, h("td", {}, what(arc)), cells(row), h("td", {}, arc.grade),
        h("td", { class: "sources" }, arc.sources.map((source, n) => [n ? " " : "", sourceLink(source)])))),
        h("tr", { class: "total" }, h("th", { scope: "row" }, "total"), cells(-1), h("td", {}), h("td", {}))))));
}

// ---- table of origins

function drawOrigins() {
  const after = chosen.run;
  const columns = ["from", "gateway", "USD", "days", "kg CO₂e", ...(after ? ["gateway after", "USD change", "days change", "kg CO₂e change", "generalised change, USD"] : [])];
  const rows = study.origins.map((place, origin) => {
    const [old, now] = [chosen.base.routes[origin], after ? after.routes[origin] : null];
    const cell = (value, digits, signed) => h("td", { class: "number", "data-value": value === null ? "" : value }, number(value, digits, signed));
    const plain = old ? [cell(old.usd, 0), cell(old.hours / 24, 1), cell(old.co2, 0)] : [cell(null), cell(null), cell(null)];
    const differ = (of, digits) => cell(old && now ? of(now) - of(old) : null, digits, true);
    const moved = after && gateway(old) !== gateway(now);
    const changes = after ? [h("td", { class: moved ? "moved" : "" }, moved ? gateway(now) : "same"), differ((r) => r.usd, 0), differ((r) => r.hours / 24, 1), differ((r) => r.co2, 0), differ((r) => r.generalised, 0)] : [];
    const button = h("button", { type: "button", class: "name", onclick: () => (pickOrigin(origin), byId("explore").scrollIntoView()) }, node(place).name);
    return h("tr", {}, h("th", { scope: "row" }, button), h("td", {}, gateway(old)), plain, changes);
  });
  const title = after ? `${chosen.base.title}, without and with ${after.scenario}` : chosen.base.title;
  byId("origins").replaceChildren(
    sortable(h("table", { class: "sortable" }, h("caption", {}, title),
      h("thead", {}, h("tr", {}, columns.map((words, n) => h("th", { scope: "col", class: n && !words.startsWith("gateway") ? "number" : null }, words)))), h("tbody", {}, rows))),
  );
}

function draw() {
  drawMap();
  drawSide();
  drawOrigins();
}

setUp();
const reached = new Set([study.focus, ...study.origins]);
study.runs.forEach((run) => Object.values(run.routes).forEach((route) => route.arcs.forEach((arc) => reached.add(arcs[arc].from))));
map.setExtent(extentOf([...reached].map((place) => [node(place).x, node(place).y])));
const told = study.told || {};
if (told.origin !== undefined) chosen.origin = told.origin;
byId("origin").value = String(chosen.origin);
pickScenario(told.scenario || null);
