// What may be tried in the page: the value of an hour, a border's hours, a port's charge, a line's sailings, a closed link.

import { bandsOf, assetOf } from "./engine.js";
import { h, inMoney, number, paid, perUnit, perUsd, t } from "./dom.js";
import { changeKey, scenarioText } from "./setting.js";
import { compiled, destinations, gateOf, listOf, node, origins, routeOf, solve, study } from "./study.js";

const NEVER = 1e9;
const timetabled = Boolean(solve && solve.schedule);

/** What may be changed in a run, by the key of its change: { change, group, words, unit, now, most, step, ... }. */
export function knobsOf(run) {
  run.knobs ||= new Map(madeKnobs(run).map((knob) => [changeKey(knob.change), knob]));
  return run.knobs;
}

function madeKnobs(run) {
  const list = listOf(run), first = new Map();
  for (const arc of list) {
    const key = `${arc.kind}:${assetOf(arc)}`;
    if (!first.has(key)) first.set(key, arc);
  }
  const hours = timetabled || !run.follows ? [] : solve.borders.map((one) => hoursKnob(first, one));
  const boards = timetabled ? [] : [...first.values()].filter((arc) => arc.kind === "board").map(sailingsKnob);
  const links = [...new Map(list.filter((arc) => arc.kind === "haul").map((arc) => [arc.line, arc])).values()].map(linkKnob);
  const known = [...hours, ...solve.charges.map((one) => chargeKnob(list, one)), ...boards, ...links].filter(Boolean);
  return known.sort((a, b) => a.words.localeCompare(b.words));
}

function hoursKnob(first, [crossing, component]) {
  const arc = first.get(`crossing:${crossing}`), part = arc && arc.parts.find((one) => one[1] && one[0] === component);
  if (!part) return null;
  const words = t("{name}: {component}", { name: arc.label, component: study.components[component] });
  const change = { kind: "hours", crossing, component, value: part[2] };
  return { change, group: "borders", words, unit: "h", now: part[2], most: Math.max(48, 2 * part[2]), least: 0, step: 0.5, code: solve.codes[component] };
}

function chargeKnob(list, [place, component, keys]) {
  const known = new Set(keys);
  const paid = (arc) => arc.parts.filter((one) => !one[1] && one[0] === component).reduce((sum, one) => sum + one[2], 0);
  const found = list.filter((arc) => known.has(arc.key) && paid(arc) > 0);
  if (!found.length) return null;
  const [low, high] = [Math.min, Math.max].map((end) => end(...found.map(paid)) * perUsd());
  const usd = Math.round(low) === Math.round(high) ? number(low) : `${number(low)}–${number(high)}`;
  const words = t("{name}: {component}", { name: node(place).name, component: study.components[component] });
  const change = { kind: "charge", charge: `${node(place).id}:${solve.codes[component]}`, value: 1 };
  return { change, group: "ports", words: `${words} (${usd} ${inMoney("USD")})`, unit: "×", now: 1, most: 3, least: 0, step: 0.05, component, keys: found.map((arc) => arc.key), code: solve.codes[component], terminals: found.map(assetOf) };
}

function sailingsKnob(arc) {
  const wait = arc.parts.find((one) => one[1]);
  const now = Number((84 / wait[2]).toPrecision(12));
  const change = { kind: "sailings", service: assetOf(arc), value: now };
  return { change, group: "lines", words: arc.label, unit: t("a week"), now, most: Math.max(7, 2 * now), least: 0.1, step: 0.1 };
}

function linkKnob(arc) {
  const line = study.map.lines[arc.line], mode = study.map.modes[line.mode];
  return { change: { kind: "close", link: line.id }, group: "links", words: `${line.name} (${mode ? mode.label : line.mode})`, line: arc.line };
}

/** The changes that a run has a place for, as the engine takes them. */
export function engineChanges(run, changes) {
  const knobs = knobsOf(run);
  return changes.filter((change) => knobs.has(changeKey(change))).map((change) => {
    const { line, keys, component } = knobs.get(changeKey(change));
    return { line, keys, component, ...change };
  });
}

/** The changes of a setting that differ from what is there, as a scenario file has them. */
function fileChanges(run, changes) {
  return changes.filter((change) => knobsOf(run).has(changeKey(change))).map((change) => ({ ...knobsOf(run).get(changeKey(change)), ...change }))
    .filter((one) => one.kind === "close" || Math.abs(one.value - one.now) > 1e-9 * Math.max(1, one.now))
    .map((one) => ({ ...one, was: one.kind === "charge" ? null : one.now }));
}

/** The command that gives the same answer as the page, and the file it needs. */
export function savedScenario(run, setting, name = "tried") {
  const ids = { origin: setting.origin >= 0 ? node(setting.origin).id : null, goal: node(setting.goal).id };
  const [baseline, day] = run.baseline.split(" as of ");
  const asked = ["corridor-net run", `${name}.yaml`, `--baseline ${baseline}`, day ? `--as-of ${day}` : null, `--cargo ${solve.cargo}`,
    ids.origin ? `--from ${ids.origin}` : null, `--to ${ids.goal}`, setting.by === "generalised" && solve.by === "generalised" ? null : `--by ${setting.by}`,
    setting.worth !== null ? `--value-of-time ${setting.worth}` : solve.given ? `--value-of-time ${run.worth}` : null,
    setting.co2 || solve.co2_price ? `--co2-price ${setting.co2}` : null, timetabled ? "--schedule" : null,
    solve.price_year ? `(in prices of ${solve.price_year}: say price_year in a study of your own)` : null];
  const base = run.scenario ? solve.files[run.scenario] : null;
  return scenarioText({
    name, title: t("Tried on {title}", { title: run.title }), why: t("Made in the report of study {study}.", { study: solve.study }), asked: asked.filter(Boolean).join(" "), base,
    changes: fileChanges(run, setting.changes),
  });
}

// ---- where the gateway changes

/** The gateways of a pair over one figure: [from, to, gateway] in its unit, neighbours of one gateway as one. */
export function gatewaysOver(run, setting, changes, knob) {
  const [source, target] = [origins.get(setting.origin), destinations.get(setting.goal)];
  if (source === undefined || target === undefined) return [];
  const at = (value) => {
    if (!knob) return compiled(run, { ...setting, worth: value }, changes);
    const rest = changes.filter((change) => changeKey(change) !== changeKey(knob.change));
    return compiled(run, setting, engineChanges(run, [...rest, { ...knob.change, value }]));
  };
  const inverse = knob && knob.change.kind === "sailings";
  const [none, one] = [at(inverse ? Infinity : 0), at(1)];
  const given = knob && changes.find((change) => changeKey(change) === changeKey(knob.change));
  const value = knob ? (given ? given.value : knob.now) : setting.worth ?? run.worth;
  const slope = one.weight.map((weight, n) => Math.max(weight - none.weight[n], 0));
  const bands = bandsOf(one, none.weight, slope, inverse ? 1 / value : value, source, target)
    .map(([low, high, way]) => [low, high, routeOf(one, way).gateway]);
  const found = inverse ? bands.reverse().map(([low, high, gate]) => [1 / high, low ? 1 / low : Infinity, gate]) : bands;
  return joined(found);
}

function joined(bands) {
  const found = [];
  for (const [low, high, gate] of bands) {
    const last = found[found.length - 1];
    if (last && last[2] === gate) last[1] = high;
    else found.push([low, high, gate]);
  }
  return found;
}

/** The same in words, USD in the reader's money: "Dalian < 3.52 · Zarubino 3.52–28.7 · Vladivostok > 28.7 USD/h". */
export function bandWords(bands, unit) {
  const name = (gate) => gateOf({ gateway: gate }, "", t("by land"));
  const digits = (value) => number(value, value < 10 ? 2 : value < 100 ? 1 : 0);
  const shown = (value) => digits(value * perUnit(unit));
  if (!bands.length) return "";
  if (bands.length === 1) return t("{gateway} at any value", { gateway: name(bands[0][2]) });
  const told = bands.map(([low, high, gate], n) => {
    const span = n === 0 ? `< ${shown(high)}` : high >= NEVER ? `> ${shown(low)}` : `${shown(low)}–${shown(high)}`;
    return `${name(gate)} ${span}`;
  });
  return `${told.join(" · ")} ${inMoney(unit)}`;
}

// ---- rows of figures to try

/** A figure with a slider, a field for its value and a line for what follows; `changed(value)` hears of it.
 *  What is set is in `unit`; what holds now is said in it, and in the reader's money where that is another. */
export function figureRow({ words, unit, now, value, least = 0, most, step, changed, removed }) {
  const range = h("input", { type: "range", min: least, max: Math.max(most, value), step, value, "aria-label": words });
  const field = h("input", { type: "number", min: least, step: "any", value, "aria-label": `${words}, ${unit}` });
  const told = h("span", { class: "bands" });
  const take = (from, other) => () => {
    const given = Number(from.value);
    const good = from.value !== "" && Number.isFinite(given) && given >= least && given <= NEVER;
    field.setAttribute("aria-invalid", good ? "false" : "true");
    if (!good) return;
    other.value = from.value;
    changed(given);
  };
  range.addEventListener("input", take(range, field));
  field.addEventListener("input", take(field, range));
  const button = removed ? h("button", { type: "button", class: "remove", "aria-label": t("Remove {name}", { name: words }), onclick: removed }, "×") : null;
  const here = `${number(now, now % 1 ? 2 : 0)} ${unit}`;
  const also = inMoney(unit) === unit ? "" : ` (${paid(now, 2)} ${inMoney(unit)})`;
  const row = h("div", { class: "figure" }, h("span", { class: "what" }, words), button, range, h("span", { class: "amount" }, field, " ", unit),
    h("span", { class: "was" }, t("now {value}", { value: `${here}${also}` })), told);
  return { row, told };
}

/** A change that is only there or not, in words. */
export function wordsRow(words, removed) {
  return h("div", { class: "figure" }, h("span", { class: "what" }, words),
    h("button", { type: "button", class: "remove", "aria-label": t("Remove {name}", { name: words }), onclick: removed }, "×"));
}
