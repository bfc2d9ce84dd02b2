// The answer beside the map: the sentence, scenarios side by side, thresholds, legs.

import { bench, byId, LETTERS, nameOf, short, store } from "./bench.js";
import { apart, countIn, fitted, h, inMoney, number, paid, percent, perUnit, perUsd, s, t } from "./dom.js";

const COLOURS = ["#0072b2", "#b34e00", "#007a5a", "#96427c", "#8a5c00", "#1f6f99", "#333333"];
const SHOWN = 6;
const rows = () => [
  [inMoney(t("USD a box")), "cost_usd", 1 / perUsd(), 0],
  [t("days"), "hours", 24, 1],
  [t("kg CO₂e"), "co2_kg", 1, 0],
  [inMoney(t("generalised USD")), "generalised_cost_usd", 1 / perUsd(), 0],
];

/** Says how often the gateway of the answer wins, and who does otherwise where that is less than half of the draws. */
function wins(uncertainty) {
  const share = number(100 * uncertainty.gateway_wins);
  const rest = Object.entries(uncertainty.gateways).filter(([gate]) => gate !== uncertainty.gateway).slice(0, 2);
  if (uncertainty.gateway_wins >= 0.5 || !rest.length) return t("best in {share}% of draws", { share });
  const others = rest.map(([gate, part]) => `${nameOf(gate)} ${percent(part)}`).join(t(", "));
  return t("best in {share}% of draws, else {others}", { share, others });
}

/** A text in pieces, in which no line is broken within a range of numbers. */
const held = (text) => text.split(/(\d[\d.,\u00a0]*–\d[\d.,\u00a0]*)/).map((piece, n) => (n % 2 ? h("span", { class: "held" }, piece) : piece));

/** Whether a scenario holds anything: one without is the baseline, and is not shown beside it. */
const holds = (scenario) => Boolean(scenario && (scenario.extends || scenario.changes.some((change) => !change.off)));

/** Says that a scenario leaves the answer as it is; nothing where it does not, or holds no change. */
function unmoved(one, scenario) {
  const same = one?.change && !one.gateway_switched && rows().every(([, key]) => Math.abs(one.change[key]) < 1e-6);
  return holds(scenario) && same ? t("The scenario changes nothing here: this way does not use what it changes.") : "";
}

/** A figure to be compared: four digits that count, whole above a thousand. */
const told = (value, digits = 4) => (Math.abs(value) >= 1000 ? number(value) : short(value, digits));

export function drawAnswer() {
  const { answer } = bench;
  countIn(answer.money);
  const shown = answer.scenarios.map((one, n) => [`${LETTERS[n]} ${store.state.scenarios[n]?.title || one.scenario || ""}`, one, n]).filter(([, , n]) => holds(store.state.scenarios[n]));
  const columns = [[t("baseline"), answer.baseline, -1], ...shown];
  const active = answer.scenarios[store.state.active];
  const none = active?.no_route && active.no_route.split(": ")[0];
  const said = active?.sentence || none || answer.baseline.sentence;
  const whole = [said, unmoved(active, store.state.scenarios[store.state.active])].filter(Boolean).join(" ");
  if (byId("sentence").textContent !== whole) byId("sentence").replaceChildren(...held(whole));
  byId("sentence").hidden = !said;
  const reasons = columns.filter(([, one]) => one.no_route).map(([name, one]) => h("p", { class: "note" }, `${name}${t(": ")}${one.no_route}`));
  const draws = columns.map(([, one]) => one.uncertainty?.draws).find(Boolean);
  const small = draws ? h("p", { class: "note" }, t("Small figures: change, and 10–90% of {draws} draws of all figures.", { draws: number(draws) })) : null;
  const note = inMoney(t("An hour is worth {hour} USD; USD of {year}. Answered in {ms} ms.", {
    hour: paid(answer.value_of_time_usd_per_hour, 2), year: answer.baseline.price_year, ms: number(answer.milliseconds),
  }));
  byId("ends").textContent = t("{origin} to {destination}", { origin: nameOf(store.state.question.origin), destination: nameOf(store.state.question.destination) });
  byId("results").replaceChildren(...[
    h("div", { class: "scroll" }, comparison(columns)),
    small,
    h("p", { class: "note" }, note),
    ...reasons,
    ...thresholds(),
    ...legs(active?.route || answer.baseline.route),
  ].filter(Boolean));
}

function comparison(columns) {
  const css = (n, ...more) => [n === store.state.active ? "active" : "", ...more].join(" ").trim() || null;
  const cells = (of) => columns.map(([, one, n]) => h("td", { class: css(n, "number") }, one.route ? of(one) : "–"));
  const amount = ([words, key, unit, digits]) => h("tr", {}, h("th", { scope: "row" }, words), cells((one) => {
    const range = one.uncertainty[key];
    const differs = one.change ? apart((one.route[key] - one.change[key]) / unit, one.route[key] / unit, digits) : 0;
    return [
      number(one.route[key] / unit, digits),
      differs ? h("span", { class: `small ${differs < 0 ? "better" : "worse"}` }, number(differs, digits, true)) : null,
      range ? h("span", { class: "small held", title: t("10 and 90% of draws") }, `${number(range.p10 / unit, digits)}–${number(range.p90 / unit, digits)}`) : null,
    ];
  }));
  const gate = columns.map(([, one, n]) => h("td", { class: css(n) },
    one.route ? h("span", { class: one.gateway_switched ? "switched" : null }, one.route.gateways.length ? one.route.gateways.map(nameOf).join(", ") : nameOf(null)) : one.errors && one.errors.length ? t("mistake") : t("no route"),
    one.uncertainty ? h("span", { class: "small" }, wins(one.uncertainty)) : null));
  const near = (one) => (one.access ? [number(one.access.market_access, 1), one.access.market_access_change !== undefined ? h("span", { class: "small" }, inMoney(t("{share}%; gain {usd} USD a box", { share: number(100 * one.access.market_access_change, 2, true), usd: paid(one.access.gain_usd) }))) : null] : "–");
  const access = bench.answer.baseline.access ? h("tr", {}, h("th", { scope: "row" }, t("access to all markets")), columns.map(([, one, n]) => h("td", { class: css(n, "number") }, near(one)))) : null;
  const head = h("tr", {}, h("td"), columns.map(([name, , n]) => h("th", { scope: "col", class: css(n) }, name)));
  return h("table", { id: "compare" }, h("thead", {}, head), h("tbody", {}, h("tr", {}, h("th", { scope: "row" }, t("gateway")), gate), rows().map(amount), access));
}

function thresholds() {
  const { limits } = bench;
  const title = h("h2", {}, t("Thresholds"));
  if (!limits || limits.failed !== undefined) return [title, h("p", { class: "note" }, limits?.failed || "…")];
  const listed = [[t("baseline"), limits.baseline], ...limits.scenarios.map((one, n) => [LETTERS[n], one]).filter((_, n) => holds(store.state.scenarios[n]))].filter(([, one]) => one && one.bands);
  const here = limits.scenarios[store.state.active]?.limits ? limits.scenarios[store.state.active] : limits.baseline;
  const bound = (value, words, gate) => (value === null ? null : h("span", { class: "small" }, `${words}${t(": ")}${nameOf(gate)}`));
  const row = (one) => h("tr", {}, h("th", { scope: "row" }, one.what), h("td", { class: "number" }, told(one.now * perUnit(one.unit)), h("span", { class: "small" }, inMoney(one.unit))),
    h("td", {}, bound(one.lower, t("below {value}", { value: told(one.lower * perUnit(one.unit), 3) }), one.gateway_below), bound(one.upper, t("above {value}", { value: told(one.upper * perUnit(one.unit), 3) }), one.gateway_above)));
  const head = h("tr", {}, h("th", { scope: "col" }, t("figure")), h("th", { scope: "col", class: "number" }, t("now")), h("th", { scope: "col" }, t("another gateway wins")));
  return [
    title,
    listed.length ? bandChart(listed) : null,
    here.limits && here.limits.length
      ? h("table", { id: "limits" }, h("thead", {}, head), h("tbody", {}, here.limits.slice(0, SHOWN).map(row)))
      : h("p", { class: "note" }, t("No single figure of {count} flips the gateway.", { count: here.tested ?? 0 })),
    here.tested ? h("p", { class: "note" }, t("{count} of {all} figures can flip the gateway alone.", { count: here.flipping, all: here.tested })) : null,
  ].filter(Boolean);
}

function bandChart(listed) {
  const now = listed[0][1].bands.now;
  const near = listed.flatMap(([, one]) => one.bands.intervals.map((part) => part.to || 0)).filter((end) => !now || end <= 4 * now);
  const most = Math.max(now * 2, 1.25 * Math.max(0, ...near)) || 1;
  const gates = [...new Set(listed.flatMap(([, one]) => one.bands.intervals.map((part) => part.gateway)))];
  const letters = (name) => [...name].reduce((sum, letter) => sum + (letter > "\u2e80" ? 11 : 6.4), 12);
  const [left, wide, high] = [Math.max(62, ...listed.map(([name]) => letters(name))), 300, 22];
  const x = (value) => left + (Math.min(value, most) / most) * wide;
  const from = (part) => t("{gateway} from {value}", { gateway: nameOf(part.gateway), value: paid(part.from, 2) });
  const words = listed.map(([name, one]) => `${name}: ${one.bands.intervals.map(from).join(", ")}`).join("; ");
  const chart = s("svg", { class: "bands", viewBox: `0 0 ${left + wide + 8} ${listed.length * high + 40}`, role: "img", "aria-label": `${inMoney(t("Who wins by the value of an hour in USD"))}. ${words}` });
  listed.forEach(([name, one], row) => {
    chart.append(s("text", { x: 0, y: row * high + 15 }, name));
    for (const part of one.bands.intervals) {
      if (part.from >= most) continue;
      const [begin, end] = [x(part.from), x(part.to ?? most)];
      chart.append(s("rect", { x: begin.toFixed(1), y: row * high + 2, width: Math.max(end - begin, 0.5).toFixed(1), height: high - 5, fill: COLOURS[gates.indexOf(part.gateway) % COLOURS.length] }, s("title", {}, from(part))));
      if (end - begin > 62) chart.append(s("text", { class: "over", x: (begin + 5).toFixed(1), y: row * high + 15 }, nameOf(part.gateway)));
    }
  });
  const foot = listed.length * high;
  chart.append(s("path", { class: "now", d: `M${x(now).toFixed(1)} 0V${foot + 4}` }), s("text", { x: x(now).toFixed(1), y: foot + 15, "text-anchor": "middle" }, paid(now, 2)),
    s("text", { x: left, y: foot + 32 }, inMoney(t("value of an hour, USD"))), x(now) > left + 30 ? s("text", { x: left, y: foot + 15 }, "0") : "", s("text", { x: left + wide, y: foot + 15, "text-anchor": "end" }, paid(most)));
  return chart;
}

function legs(route) {
  if (!route) return [];
  const amounts = fitted(route.legs.map((leg) => leg.cost_usd * perUsd()), 0, route.cost_usd * perUsd());
  const listed = route.legs.map((leg, n) => h("tr", {}, h("th", { scope: "row" }, leg.words), h("td", { class: "number" }, number(leg.hours, 1)), h("td", { class: "number" }, number(amounts[n])), h("td", {}, leg.grade)));
  const head = h("tr", {}, h("th", { scope: "col" }, t("leg")), h("th", { scope: "col", class: "number" }, t("hours")), h("th", { scope: "col", class: "number" }, inMoney("USD")), h("th", { scope: "col" }, t("grade")));
  return [h("details", {}, h("summary", {}, t("Leg by leg")), h("table", { class: "legs" }, h("thead", {}, head), h("tbody", {}, listed)))];
}
