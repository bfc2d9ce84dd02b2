// Beside the map: gateways of all origins, or one route before and after, with its bars and its legs.

import { fitted, h, headed, inMoney, number, perUsd, s, shownChange, t } from "./dom.js";
import { GROUPS, arcs, gateOf, modeOf, node, study } from "./study.js";

const MEASURES = () => [
  [inMoney(t("USD a box")), (r) => r.usd * perUsd(), 0],
  [t("days"), (r) => r.hours / 24, 1],
  [t("kg CO₂e"), (r) => r.co2, 0],
  [inMoney(t("generalised USD")), (r) => r.generalised * perUsd(), 0],
  [t("km"), (r) => r.km, 0],
];

export const gateway = (route) => gateOf(route, t("no route"), t("by land"));

export function sourceLink(number_) {
  const source = study.map.sources[number_];
  if (!source.title) return h("span", {}, source.id);
  return h("a", { href: `#source-${source.id}`, title: source.title }, source.id.startsWith("scenario:") ? source.title : source.id);
}

export function what(arc) {
  const [from, to] = [node(arc.from).name, node(arc.to).name];
  if (arc.kind === "haul") return t("{mode}, {from} to {to}", { mode: modeOf(arc).label, from, to });
  if (arc.kind === "crossing") return t("border, {name}", { name: arc.label });
  if (arc.kind === "terminal") return t("{name}, {place}", { name: arc.label, place: from });
  if (arc.kind === "board") return t("boarding, {name}, {place}", { name: arc.label, place: from });
  return t("{mode}, {from} to {to}", { mode: modeOf(arc).vehicle, from, to });
}

const numeric = (words, scope = null) => h(scope ? "th" : "td", { scope, class: "number" }, words);

/** The route of one pair: totals before and after, bars, legs. `after` is undefined where nothing differs. */
export function pairSide({ origin, goal, before, after, shownAfter }) {
  const two = after !== undefined;
  const routes = two ? [before, after] : [before];
  const amount = ([words, of, digits]) => h("tr", {}, h("th", { scope: "row" }, words),
    routes.map((route) => numeric(route ? number(of(route), digits) : "–")),
    two ? numeric(before && after ? shownChange(of(before), of(after), digits) : "–") : null);
  const head = (words, kind) => h("th", { scope: "col", class: "number" }, h("span", { class: `swatch ${kind}` }), words);
  return [
    h("h3", {}, t("{from} to {to}", { from: node(origin).name, to: node(goal).name })),
    h("div", { class: "scroll" }, h("table", { class: "totals" },
      h("thead", {}, h("tr", {}, h("td", {}), head(t("before"), "before"), two ? [head(t("after"), "after"), head(t("change"), "none")] : null)),
      h("tbody", {}, h("tr", {}, h("th", { scope: "row" }, t("gateway")), routes.map((route) => h("td", { class: "number gate" }, gateway(route))),
        two ? numeric(gateway(before) === gateway(after) ? t("same") : t("moved")) : null), MEASURES().map(amount)))),
    ...bars(before, two ? after : null),
    legs(shownAfter ? after : before, shownAfter ? t("after") : t("before")),
  ];
}

/** How many origins and people leave by each gateway; `before` and `after` give the route of an origin. */
export function overview({ origins, goal, before, after }) {
  const people = (place) => node(place).people;
  const count = (of) => {
    const found = new Map();
    origins.forEach((place) => {
      const name = gateway(of(place)), entry = found.get(name) || { origins: 0, people: 0 };
      found.set(name, { origins: entry.origins + 1, people: entry.people + people(place) });
    });
    return found;
  };
  const first = count(before), then = after ? count(after) : first;
  const most = (name) => (then.get(name) || {}).people || 0;
  const listed = [...new Set([...first.keys(), ...then.keys()])].sort((a, b) => most(b) - most(a));
  const cells = (entry) => [numeric(entry ? number(entry.origins) : "0"), numeric(number((entry ? entry.people : 0) / 1e6, 1))];
  const heads = (words) => [numeric(words, "col"), numeric(t("million people"), "col")];
  return [
    h("h3", {}, t("Gateways to {place}", { place: node(goal).name })),
    h("div", { class: "scroll" }, h("table", { class: "totals" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("gateway")), heads(t("origins before")), after ? heads(t("origins after")) : null)),
      h("tbody", {}, listed.map((name) => h("tr", {}, h("th", { scope: "row" }, name), cells(first.get(name)), after ? cells(then.get(name)) : null))))),
    h("p", { class: "note" }, t("Lines are as thick as the people (square root) whose boxes take them. Choose an origin for its route leg by leg; press a place or a line on the map for its figures and sources.")),
  ];
}

function bars(before, after) {
  const rows = [[t("before"), before], [t("after"), after]].filter(([, route]) => route);
  const sum = (route, quantity) => GROUPS.map((_, group) => route.arcs.reduce((total_, arc) => total_ + arcs[arc].groups[quantity][group], 0));
  return [["usd", inMoney(t("Cost, USD")), 0, 1 / perUsd()], ["hours", t("Time, days"), 1, 24]].map(([quantity, words, digits, unit]) => {
    const sums = rows.map(([name, route]) => {
      const parts = sum(route, quantity);
      return [name, parts, fitted(parts.map((part) => part / unit), digits, route[quantity] / unit), route[quantity] / unit];
    });
    const most = Math.max(...sums.map(([, parts]) => parts.reduce((a, b) => a + b, 0)), 1);
    const told = sums.map(([name, , fit]) => `${name}: ${fit.map((p, g) => `${GROUPS[g]} ${number(p, digits)}`).join(", ")}`).join("; ");
    const longest = Math.min(226, 266 - 8 * Math.max(...sums.map(([, , , all]) => number(all, digits).length)));
    const chart = s("svg", { class: "bars", viewBox: `0 0 320 ${sums.length * 24}`, role: "img", "aria-label": `${words}: ${told}` });
    sums.forEach(([name, parts, fit, all], line) => {
      let x = 46;
      chart.append(s("text", { x: 0, y: line * 24 + 15 }, name));
      parts.forEach((part, group) => {
        const wide = (part / most) * longest;
        if (wide <= 0) return;
        chart.append(s("rect", { x: x.toFixed(1), y: line * 24 + 3, width: wide.toFixed(1), height: 17, class: `group${group}` }, s("title", {}, `${GROUPS[group]}: ${number(fit[group], digits)}`)));
        x += wide;
      });
      chart.append(s("text", { x: x + 5, y: line * 24 + 15 }, number(all, digits)));
    });
    return h("figure", { class: "bar-figure" }, h("figcaption", {}, words, h("span", { class: "keys" }, GROUPS.map((group, n) => [h("span", { class: `key group${n}` }), group]))), chart);
  });
}

let opened = null;

const SHORT_KM = 0.5;
const MOST_OF_LEG = 0.8;
const MANY_ROADS = 3;

const lengthOf = (arc) => (arc.kind === "haul" && arc.line >= 0 ? study.map.lines[arc.line].km : 0);

/** The name of an arc's road or line, if it is more than the ids of its ends. */
function roadOf({ kind, label, from, to }) {
  const ends = [node(from).id, node(to).id], plain = label.replace(/ [–—] /g, " - ");
  return kind !== "haul" || plain === ends.join(" - ") || plain === ends.reverse().join(" - ") ? "" : label;
}

/** The roads or lines along which most of a leg goes, the longest first; dots stand for what else it goes along. */
function roadsOf(leg) {
  const km = new Map();
  for (const arc of leg) if (roadOf(arc)) km.set(roadOf(arc), (km.get(roadOf(arc)) ?? 0) + lengthOf(arc));
  const long = [...km].filter(([, along]) => along >= SHORT_KM);
  const named = (long.length ? long : [...km]).sort((one, other) => other[1] - one[1]);
  const most = MOST_OF_LEG * leg.reduce((sum, arc) => sum + lengthOf(arc), 0);
  let [count, sum] = [0, 0];
  while (count < Math.min(MANY_ROADS, named.length) && sum < most) sum += named[count++][1];
  return named.slice(0, count).map(([name]) => name).join(", ") + (count && sum < most ? " …" : "");
}

/** Arcs as legs are told: links in turn of one mode and one road or line that meet at places without a name are one leg,
 *  and what is short goes with the leg before it (`analysis.joined`). */
function toldLegs(rows) {
  const nameless = (place) => node(place).name === node(place).id;
  const goesOn = (one, next) => one.kind === "haul" && next.kind === "haul" && one.mode === next.mode && nameless(next.from);
  const merged = (legs, together) => legs.reduce((found, leg) => {
    const last = found.at(-1);
    return last && goesOn(rows[last.at(-1)], rows[leg[0]]) && together(last, leg) ? [...found.slice(0, -1), [...last, ...leg]] : [...found, leg];
  }, []);
  const roads = (leg) => leg.map((row) => roadOf(rows[row])).filter(Boolean);
  const kmOf = (leg) => leg.reduce((sum, row) => sum + lengthOf(rows[row]), 0);
  const named = merged(rows.map((_, row) => [row]), (one, next) => new Set([...roads(one), ...roads(next)]).size < 2);
  return merged(named, (one, next) => Math.min(kmOf(one), kmOf(next)) < SHORT_KM).map((leg) => {
    const own = leg.map((row) => rows[row]);
    const grade = own.map((arc) => arc.grade).sort().at(-1);
    const sources = [...new Set(own.flatMap((arc) => arc.sources))];
    return { arc: { ...own[0], to: own.at(-1).to, grade, sources }, rows: leg, road: leg.length > 1 ? roadsOf(own) : "" };
  });
}

function legs(route, when) {
  if (!route) return h("p", {}, t("No route."));
  const rows = route.arcs.map((number_) => arcs[number_]);
  const shown = [["hours", 1, 1], ["usd", 0, perUsd()], ["co2", 0, 1]].map(([name, digits, by]) => [fitted(rows.map((arc) => arc[name] * by), digits, route[name] * by), route[name] * by, digits]);
  const cells = (own) => shown.map(([parts, all, digits]) => numeric(number(own ? own.reduce((sum, row) => sum + parts[row], 0) : all, digits)));
  const open = opened === null ? window.innerWidth > 900 : opened;
  const told = h("details", { open }, h("summary", {}, t("Leg by leg, {when}", { when })),
    headed(h("table", { class: "legs" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("leg")), numeric(t("hours"), "col"), numeric(inMoney("USD"), "col"), numeric(t("kg CO₂e"), "col"), h("th", { scope: "col" }, t("grade")), h("th", { scope: "col" }, t("sources")))),
      h("tbody", {}, toldLegs(rows).map(({ arc, rows: own, road }) => h("tr", {}, h("th", { scope: "row" }, road ? `${what(arc)} (${road})` : what(arc)), cells(own), h("td", {}, arc.grade),
        h("td", { class: "sources" }, arc.sources.map((source, n) => [n ? " " : "", sourceLink(source)])))),
        h("tr", { class: "total" }, h("th", { scope: "row" }, t("total")), cells(null), h("td", {}), h("td", {}))))));
  told.addEventListener("toggle", () => (opened = told.open));
  return told;
}
