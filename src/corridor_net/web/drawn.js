// Links and services that are drawn: pressing two places, the lines on the map, and a form for every field.

import { active, bench, byId, change, setChanges } from "./bench.js";
import { h, t } from "./dom.js";
import { scaleAt } from "./map.js";
import { slug } from "./state.js";

const DETOUR = 1.3;
/** A road is so many times as long as the straight line, until somebody says otherwise. */
let adding = null;

export const isAdding = () => adding !== null;

export function startAdding(table) {
  adding = adding && adding.table === table ? null : { table, ends: [] };
  byId("add-link").setAttribute("aria-pressed", String(adding?.table === "link"));
  byId("add-service").setAttribute("aria-pressed", String(adding?.table === "service"));
  bench.map.close();
  hint(adding && (table === "link" ? t("Press the two ends of the link, or find them by name. Esc leaves off.") : t("Press the two ports of the service, or find them by name. Esc leaves off.")));
}

export function stopAdding() {
  if (adding) startAdding(adding.table);
}

function hint(words) {
  byId("hint").hidden = !words;
  byId("hint").textContent = words || "";
}

/** Takes a place as an end; the second makes the change, and is given to `made`. */
export function pickEnd(place, made) {
  const node = bench.net.map.nodes[place];
  if (adding.table === "service" && !bench.net.map.types[node.type].port) return hint(t("{place} is no port. Press a port.", { place: node.name }));
  if (adding.ends.includes(place)) return;
  adding.ends.push(place);
  if (adding.ends.length < 2) return hint(t("From {place}: press the other end.", { place: node.name }));
  const [table, [here, there]] = [adding.table, adding.ends.map((n) => bench.net.map.nodes[n])];
  startAdding(table);
  const id = freeId(`${here.id}-${there.id}-new`);
  change(table === "service" ? newService(id, here, there) : newLink(id, here, there));
  made(table, id, place);
}

function freeId(wanted) {
  const { links, services } = bench.net;
  const taken = new Set([...links, ...services].map((one) => one.id).concat(active().changes.flatMap((one) => Object.values(one.row || {}))));
  let id = slug(wanted);
  for (let n = 2; taken.has(id); n++) id = slug(`${wanted}-${n}`);
  return id;
}

const first = (list, ...starts) => starts.map((start) => list.find((name) => name === start || name.startsWith(start))).find(Boolean) || list[0];

function newService(id, here, there) {
  const { choices } = bench.net;
  const between = (one, other) => `sea_${one.country}_${other.country}`.toLowerCase();
  const row = {
    service_id: id, name: `${here.name} - ${there.name}`, vehicle: "container_ship", sailings_per_week: 1, circular: 1,
    speed_id: first(choices.speed, "container_ship"), port_stay_hours: 12, tariff_id: first(choices.tariff, between(here, there), between(there, here), "sea"),
    emission_factor_id: first(choices.emission_factor, "sea_container"), basis: "drawn in the workbench",
  };
  return { add: "service", row, calls: [{ node: here.id }, { node: there.id }, { node: here.id }] };
}

function newLink(id, here, there) {
  const scale = scaleAt(bench.net.map, (here.x + there.x) / 2, (here.y + there.y) / 2);
  const km = Math.max(1, Math.round((Math.hypot(here.x - there.x, here.y - there.y) / 10 / scale) * DETOUR));
  const row = { link_id: id, name: `${here.name} - ${there.name}`, from_node_id: here.id, to_node_id: there.id, length_km: km, country: here.country };
  return inMode({ add: "link", row: { ...row, basis: `drawn in the workbench; length ${DETOUR} times the straight line` } }, bench.net.choices.link_mode);
}

/** A drawn link with the figures of its country for a mode, and a border like the nearest of that mode. */
function inMode(made, mode) {
  const { choices } = bench.net;
  const { gauge_mm: gauge, ...row } = made.row;
  const country = row.country.toLowerCase();
  const own = (list) => first(list, `${mode}_${country}`, mode);
  const needsGauge = choices.gauged.includes(mode);
  const { border_like: _, ...rest } = made;
  const next = {
    ...rest,
    row: { ...row, mode, ...(needsGauge ? { gauge_mm: gauge || choices.gauges[row.country] || Object.values(choices.gauges)[0] } : {}), speed_id: own(choices.speed), tariff_id: own(choices.tariff), emission_factor_id: first(choices.emission_factor, mode === "waterway" ? "river" : mode) },
  };
  const [border] = bordersOf(next.row);
  return border ? { ...next, border_like: border.id } : next;
}

/** The crossings of a mode between the countries of a link's ends, the nearest first, one direction each. */
export function bordersOf(row) {
  const { net } = bench;
  const node = (id) => net.map.nodes[net.node.get(id)];
  const [here, there] = [node(row.from_node_id), node(row.to_node_id)];
  if (!here || !there || here.country === there.country) return [];
  const countries = (one, other) => [one.country, other.country].sort().join();
  const far = (one) => Math.hypot(node(one.from).x + node(one.to).x - here.x - there.x, node(one.from).y + node(one.to).y - here.y - there.y);
  const found = net.crossings.filter((one) => one.mode === row.mode && countries(node(one.from), node(one.to)) === countries(here, there));
  const links = new Set();
  const back = (one) => Number(node(one.from).country !== here.country);
  return found.sort((a, b) => far(a) - far(b) || back(a) - back(b)).filter((one) => !links.has(one.link) && links.add(one.link));
}

/** What the active scenario draws, as lines of the map: as the answer has them, else straight from place to place. */
export function drawnLines() {
  const { net } = bench;
  const place = (id) => net.map.nodes[net.node.get(id)];
  const straight = (id, name, mode, from, to, km) => ({ id, name, mode, from: net.node.get(from), to: net.node.get(to), km, d: [place(from).x, place(from).y, place(to).x - place(from).x, place(to).y - place(from).y] });
  const sea = Object.keys(net.map.modes).find((mode) => net.map.modes[mode].kind === "sea");
  const known = (from, to) => net.map.lines.find((line) => [line.from, line.to].sort().join() === [net.node.get(from), net.node.get(to)].sort().join() && net.map.modes[line.mode].kind === "sea");
  return active().changes.filter((one) => one.add && !one.off).flatMap((one) => {
    const { row } = one;
    if (one.add === "link") return net.node.has(row.from_node_id) && net.node.has(row.to_node_id) ? [straight(row.link_id, row.name, row.mode, row.from_node_id, row.to_node_id, Number(row.length_km) || 0)] : [];
    const calls = (one.calls || []).map((call) => call.node).filter((id) => net.node.has(id));
    return calls.slice(1).flatMap((to, n) => (to === calls[n] ? [] : [known(calls[n], to) || straight(`${row.service_id}:${[calls[n], to].sort().join(":")}`, row.name, sea, calls[n], to, 0)]));
  });
}

// ---- forms

let count = 0;

/** A form of every field of what change number `n` adds: row, calls, and the border it is like. */
export function formOf(n) {
  const made = active().changes[n];
  const put = (next, tag) => setChanges(active().changes.map((one, other) => (other === n ? next : one)), tag);
  const now = () => active().changes[n];
  const fields = bench.net.choices.fields[made.add].map((field) => {
    const id = `form-${(count += 1)}`;
    const value = made.row[field.key] ?? "";
    const listed = field.kind === "choice" && !field.options.some(([key]) => key === String(value)) ? [[value, value], ...field.options] : field.options;
    const input = field.kind === "choice"
      ? h("select", { id, "data-column": field.key }, listed.map(([key, words]) => h("option", { value: key, selected: key === String(value) }, words)))
      : h("input", { id, "data-column": field.key, type: field.kind, step: field.kind === "number" ? "any" : null, value });
    input.addEventListener(field.kind === "choice" ? "change" : "input", () => {
      const typed = field.kind === "number" ? (input.value === "" ? null : input.valueAsNumber) : input.value;
      if (field.key === "mode") return put(inMode(now(), typed));
      const { [field.key]: _, ...row } = now().row;
      put({ ...now(), row: typed === "" || typed === null ? row : { ...row, [field.key]: typed } }, `form ${n} ${field.key}`);
    });
    return h("div", { class: "field" }, h("label", { for: id }, field.label), input);
  });
  const more = made.add === "service" ? callsForm(n, put, now) : borderForm(n, put, now);
  return h("div", { class: "form" }, fields, more);
}

function borderForm(n, put, now) {
  const borders = bordersOf(now().row);
  if (!borders.length) return null;
  const id = `form-${(count += 1)}`;
  const select = h("select", { id }, borders.map((one) => h("option", { value: one.id, selected: one.id === now().border_like }, one.name)));
  select.addEventListener("change", () => put({ ...now(), border_like: select.value }));
  return h("div", { class: "field" }, h("label", { for: id }, t("border like")), select);
}

/** The calls of a drawn service in order; a round trip ends where it begins, which is not asked for. */
function callsForm(n, put, now) {
  const { map } = bench.net;
  const ports = map.nodes.filter((node) => map.types[node.type].port);
  const name = (id) => map.nodes[bench.net.node.get(id)]?.name || id;
  const round = now().row.circular === 1;
  const calls = round ? (now().calls || []).slice(0, -1) : now().calls || [];
  const take = (next) => put({ ...now(), calls: round ? [...next, { node: next[0].node }] : next });
  const rows = calls.map((call, at) => h("li", {}, h("span", {}, name(call.node)),
    h("button", { type: "button", "aria-label": t("{place} earlier", { place: name(call.node) }), disabled: at === 0, onclick: () => take(moved(calls, at, -1)) }, "↑"),
    h("button", { type: "button", "aria-label": t("Leave out {place}", { place: name(call.node) }), disabled: calls.length < 3, onclick: () => take(calls.filter((_, other) => other !== at)) }, "×")));
  const id = `form-${(count += 1)}`;
  const select = h("select", { id }, h("option", { value: "" }, "–"), ports.map((port) => h("option", { value: port.id }, port.name)));
  select.addEventListener("change", () => select.value && take([...calls, { node: select.value }]));
  return h("div", { class: "field calls" }, h("span", {}, t("calls, in order")), h("ol", {}, rows), h("label", { for: id }, t("one more call")), select);
}

/** A list with one of its things some places further on. */
export function moved(list, at, by) {
  const next = [...list];
  next.splice(at + by, 0, ...next.splice(at, 1));
  return next;
}
