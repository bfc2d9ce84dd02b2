// The study that the page holds: its places, runs and steps, and what a run answers under a setting.

import { amountsOf, bestWay, changed, described, priced } from "./engine.js";

export const study = JSON.parse(document.getElementById("study").textContent);
const [KIND, MODE, FROM, TO, LINE, LABEL, KM, CO2, PARTS, TAIL, HEAD, KEY] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
export const GROUPS = study.group_names;
export const solve = study.solve;
export const modeOf = (row) => study.map.modes[row.mode] || { label: row.mode, way: row.mode, vehicle: row.mode };
export const node = (place) => study.map.nodes[place];
const timetable = Boolean(solve && solve.schedule);

// ---- arcs

/** What is shown of an arc besides its amounts: amounts by group of components, the weakest grade, sources. */
function shownOf(parts) {
  const groups = { usd: GROUPS.map(() => 0), hours: GROUPS.map(() => 0) };
  const sources = new Set();
  let grade = "";
  for (const [component, isHours, amount, partGrade, partSources] of parts) {
    groups[isHours ? "hours" : "usd"][study.groups[component]] += amount;
    if (partGrade > grade) grade = partGrade;
    partSources.forEach((source) => sources.add(source));
  }
  return { groups, grade, sources: [...sources] };
}

/** Every arc of the study; those that changes made stand behind, again each time. */
export const arcs = study.arcs.map((row) => {
  const parts = row[PARTS].map((part) => study.parts[part]);
  return {
    kind: row[KIND], mode: row[MODE], from: row[FROM], to: row[TO], line: row[LINE], label: study.labels[row[LABEL]], km: row[KM],
    co2: row[CO2], tail: row[TAIL], head: row[HEAD], key: row[KEY], name: study.keys[row[KEY]] || "", stays: row[TAIL] === row[HEAD],
    parts, ...amountsOf(parts, study.components.length, timetable), ...shownOf(parts),
  };
});

export function numberOf(arc) {
  if (arc.number === undefined || arcs[arc.number] !== arc) {
    Object.assign(arc, shownOf(arc.parts));
    arc.number = arcs.push(arc) - 1;
  }
  return arc.number;
}
arcs.forEach((arc, number) => (arc.number = number));

/** Forgets the arcs that changes made before. */
export const forgetChanged = () => (arcs.length = study.arcs.length);

// ---- runs

export const baselines = study.runs.filter((run) => !run.scenario);
export const scenariosOf = (base) => study.runs.filter((run) => run.scenario && run.baseline === base.baseline);
const baseOf = (run) => baselines.find((other) => other.baseline === run.baseline);

/** The numbers of the arcs that a run has. */
export function arcsOf(run) {
  if (!run.set) {
    run.set = new Set(baseOf(run).arcs);
    (run.less || []).forEach((arc) => run.set.delete(arc));
    (run.more || []).forEach((arc) => run.set.add(arc));
  }
  return run.set;
}

/** The lines of a run, without the ways of ships that sail on demand. */
export const linesOf = (run) => new Set([...arcsOf(run)].map((arc) => arcs[arc]).filter((arc) => arc.line >= 0 && arc.kind !== "charter").map((arc) => arc.line));

/** The arcs of a run in the order of their names. */
export function listOf(run) {
  run.list ||= [...arcsOf(run)].map((arc) => arcs[arc]).sort((a, b) => a.key - b.key);
  return run.list;
}

/** What is paid at home in a run, by state. */
function homesOf(run) {
  const found = new Map();
  for (const one of [...baseOf(run).home, ...(run.scenario ? run.home : [])]) found.set(solve.homes[one][0], solve.homes[one]);
  return [...found.values()];
}

// ---- answers

const ends = (pairs) => new Map(pairs || []);
export const origins = ends(solve && solve.origins), destinations = ends(solve && solve.destinations);
const overseas = new Set(solve ? solve.overseas : []);
const sea = (arc) => ["haul", "sail", "charter"].includes(arc.kind) && modeOf(arc).kind !== "land";

/** What a setting minimises in a run. */
export const objectiveOf = (run, setting) => ({ by: setting.by, worth: setting.worth ?? run.worth, ratio: solve.ratio, co2: setting.co2 });

/** A run with changes, priced: ask it with `answer`. */
export function compiled(run, setting, changes = []) {
  const context = { homes: changes.length ? homesOf(run) : [], parts: study.parts, components: study.components.length, lifts: solve.lifts, schedule: timetable };
  return priced(changes.length ? changed(listOf(run), changes, context) : listOf(run), objectiveOf(run, setting));
}

/** The best route between two places, null where there is none; its arcs as numbers. */
export function answer(graph, origin, destination) {
  const [source, target] = [origins.get(origin), destinations.get(destination)];
  if (source === undefined || target === undefined || origin === destination) return null;
  const way = bestWay(graph, graph.weight, source, target);
  return way && routeOf(graph, way);
}

export function routeOf(graph, way) {
  const route = described(graph, way, { overseas, sea });
  return { ...route, arcs: route.arcs.map(numberOf) };
}

/** The routes of a run that were computed with the study, by place of origin. */
export function routesOf(run) {
  run.given ||= new Map(study.origins.map((place, origin) => [place, run.routes[origin] || null]));
  return run.given;
}

/** Where a route leaves, in words. */
export const gateOf = (route, none, land) => (!route ? none : route.gateway === null ? land : node(route.gateway).name);
