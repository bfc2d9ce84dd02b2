// Solving a study again in the page: steps priced under a setting, the best way, and where another becomes the best.
// As costing, graph and breakeven of the package do it, to the last digit and with the same ties. No page here.
//
// An arc has kind, mode, from, to, line, key, tail, head, km, co2, parts as [component, is hours, amount, grade, sources,
// spread], and usd, hours, spread. A setting: { by, worth, co2, changes } with changes as in setting.js.

const BLOCK = 128;
const HOURS_PER_WEEK = 168;

/** The sum of numbers in the order in which numpy adds them. */
export function total(values, from = 0, count = values.length) {
  if (count > BLOCK) {
    const half = Math.floor(count / 2) - (Math.floor(count / 2) % 8);
    return total(values, from, half) + total(values, from + half, count - half);
  }
  let sum = 0, at = from;
  const end = from + count;
  if (count >= 8) {
    const r = values.slice(from, from + 8);
    for (at = from + 8; at + 8 <= end; at += 8) for (let k = 0; k < 8; k++) r[k] += values[at + k];
    sum = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]));
  }
  for (; at < end; at++) sum += values[at];
  return sum;
}

/** USD, hours and hours of spread of an arc by its parts; by the timetable the hours are added as they come. */
export function amountsOf(parts, components, schedule = false) {
  const usd = new Array(components).fill(0), hours = new Array(components).fill(0);
  let spread = 0, timed = 0;
  for (const [component, isHours, amount, , , deviation] of parts) {
    (isHours ? hours : usd)[component] += amount;
    if (!isHours) continue;
    spread += deviation;
    timed += amount;
  }
  return { usd: total(usd), hours: schedule ? timed : total(hours), spread };
}

// ---- changes

/** What each change does to the parts of an arc, by kind; null where it leaves them alone. */
const EDITS = {
  hours: (change, arc) => (arc.kind !== "crossing" || assetOf(arc) !== change.crossing ? null : (part) =>
    (part[1] && part[0] === change.component ? amended(part, change.value, part[2] ? (part[5] * change.value) / part[2] : 0) : part)),
  charge: (change, arc) => (!change.keys.includes(arc.key) ? null : (part) =>
    (!part[1] && part[0] === change.component ? amended(part, part[2] * change.value, part[5]) : part)),
  sailings: (change, arc) => (arc.kind !== "board" || assetOf(arc) !== change.service ? null : (part) => {
    const headway = HOURS_PER_WEEK / change.value;
    return part[1] ? amended(part, headway / 2, headway / Math.sqrt(12)) : part;
  }),
  close: () => null,
};

const amended = (part, amount, spread) => [part[0], part[1], amount, "D", part[4], spread];

/** How many parts stand behind the id of the row that an arc is made of, in its key. */
const BEHIND = { crossing: 1, board: 1, terminal: 0 };

/** The id of the row that an arc is made of, by its key; the id may have colons of its own. */
export const assetOf = (arc) => {
  const parts = arc.name.split(":");
  return parts.slice(1, parts.length - BEHIND[arc.kind]).join(":");
};

/** The arcs of a run after changes: those that stay as they are themselves, changed ones as new objects. */
export function changed(arcs, changes, { homes, parts, components, lifts, schedule }) {
  const shut = new Set(changes.filter((change) => change.kind === "close").map((change) => change.line));
  const edits = changes.filter((change) => change.kind !== "close");
  const paid = shut.size ? paidAt(homes, shut) : null;
  const found = [];
  for (const arc of arcs) {
    if (arc.kind === "haul" && shut.has(arc.line)) continue;
    let own = arc.parts;
    for (const change of edits) {
      const edit = EDITS[change.kind](change, arc);
      if (edit) own = own.map(edit);
    }
    if (paid && hires(arc, lifts) && paid.has(arc.head)) own = paidAnew(own, paid.get(arc.head), arc, parts);
    const same = own === arc.parts || own.every((part, n) => part === arc.parts[n]) && own.length === arc.parts.length;
    found.push(same ? arc : { ...arc, parts: own, ...amountsOf(own, components, schedule) });
  }
  return found;
}

/** Whether a carrier is hired on an arc: in a terminal, and at a border where the box is lifted. */
const hires = (arc, lifts) => arc.kind === "terminal" || (arc.kind === "crossing" && arc.parts.some(([component]) => lifts.includes(component)));

/** By state that is entered, where a closed link changes whose tariff is paid there: what is paid and what was. */
function paidAt(homes, shut) {
  const found = new Map();
  for (const [state, ...ways] of homes) {
    const before = ways.length ? ways[0][0] : -1;
    const open = ways.find(([, line]) => !shut.has(line));
    const after = open ? open[0] : -1;
    if (before !== after) found.set(state, { before, after });
  }
  return found;
}

function paidAnew(own, { before, after }, arc, parts) {
  if (arc.stays) return own;
  const kept = before >= 0 && own[own.length - 1] === parts[before] ? own.slice(0, -1) : own;
  return after >= 0 ? [...kept, parts[after]] : kept;
}

// ---- searching

/** Prices arcs under an objective { by, worth, ratio, co2 }: what is minimised, and generalised cost, arc by arc. */
export function priced(arcs, { by, worth, ratio, co2 }) {
  const generalised = arcs.map((arc) => arc.usd + worth * (arc.hours + ratio * arc.spread) + (co2 / 1000) * arc.co2);
  const alone = { money: "usd", time: "hours", co2: "co2" }[by];
  return { arcs, generalised, weight: alone ? arcs.map((arc) => arc[alone]) : generalised, leaving: leavingOf(arcs) };
}

function leavingOf(arcs) {
  const states = arcs.reduce((most, arc) => Math.max(most, arc.tail, arc.head), -1) + 1;
  const leaving = Array.from({ length: states }, () => []);
  arcs.forEach((arc, number) => leaving[arc.tail].push(number));
  return leaving;
}

/** The best way from a state to another as numbers of arcs, null where there is none. Dijkstra with a heap: of equal
 *  ways the one with the fewest arcs, of these the one whose last arc comes first, and so on backwards. */
export function bestWay({ arcs, leaving }, weight, source, target) {
  const size = leaving.length;
  if (source >= size || target >= size) return null;
  const distance = new Array(size).fill(Infinity), steps = new Array(size).fill(0), parent = new Array(size).fill(-1);
  distance[source] = 0;
  const heap = [[0, 0, source]];
  while (heap.length) {
    const [reached, used, node] = popped(heap);
    if (node === target) break;
    if (reached > distance[node] || used > steps[node]) continue;
    for (const number of leaving[node]) {
      if (weight[number] === Infinity) continue;
      const { head } = arcs[number], candidate = reached + weight[number];
      if (candidate > distance[head]) continue;
      if (candidate < distance[head] || used + 1 < steps[head]) {
        distance[head] = candidate;
        steps[head] = used + 1;
        parent[head] = number;
        pushed(heap, [candidate, used + 1, head]);
      } else if (used + 1 === steps[head] && number < parent[head]) parent[head] = number;
    }
  }
  if (distance[target] === Infinity) return null;
  const way = [];
  for (let state = target; state !== source; state = arcs[way[way.length - 1]].tail) way.push(parent[state]);
  return way.reverse();
}

const sooner = (a, b) => a[0] < b[0] || (a[0] === b[0] && (a[1] < b[1] || (a[1] === b[1] && a[2] < b[2])));

function pushed(heap, item) {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const up = (at - 1) >> 1;
    if (!sooner(item, heap[up])) break;
    heap[at] = heap[up];
    at = up;
  }
  heap[at] = item;
}

function popped(heap) {
  const first = heap[0], last = heap.pop();
  if (!heap.length) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && sooner(heap[child + 1], heap[child])) child++;
    if (!sooner(heap[child], last)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return first;
}

/** A way in totals, as Router.describe gives them; its arcs as objects. `sea` says whether an arc leaves the land. */
export function described({ arcs, generalised }, way, { overseas, sea }) {
  const steps = way.map((number) => arcs[number]);
  const sum = (name) => total(steps.map((arc) => arc[name]));
  return {
    usd: sum("usd"), hours: sum("hours"), spread: sum("spread"), co2: sum("co2"), km: sum("km"),
    generalised: total(way.map((number) => generalised[number])), gateway: gatewayOf(steps, overseas, sea), arcs: steps,
  };
}

/** The port where cargo first takes to the sea; from across the sea, where it lands last; null by land. */
export function gatewayOf(steps, overseas, sea) {
  const passages = steps.filter(sea);
  if (!passages.length) return null;
  if (!overseas.has(steps[0].from)) return passages[0].from;
  const landed = passages.map((arc) => arc.to).filter((place) => !overseas.has(place));
  return landed.length ? landed[landed.length - 1] : null;
}

// ---- where the answer changes

/** The best ways over x from 0 on, each arc weighing `fixed + x slope`: [from, to, way], exact (Eisner & Severance 1976). */
export function bandsOf(graph, fixed, slope, now, source, target) {
  const lineOf = (way) => (way === null ? null : { way, fixed: total(way.map((n) => fixed[n])), slope: total(way.map((n) => slope[n])) });
  const at = (x) => lineOf(bestWay(graph, fixed.map((p, n) => p + x * slope[n]), source, target));
  const start = at(now);
  if (!start) return [];
  const free = lineOf(bestWay(graph, fixed.map((p, n) => (slope[n] > 0 ? Infinity : p)), source, target));
  const last = free || lineOf(bestWay(graph, slope, source, target));
  const below = walked(start, at(0), now, at, false), above = walked(start, last, now, at, true);
  const lines = [...below.map(([, line]) => line).reverse(), start, ...above.map(([, line]) => line)];
  const cuts = [0, ...below.map(([x]) => x).reverse(), ...above.map(([x]) => x), Infinity];
  return lines.map((line, n) => [cuts[n], cuts[n + 1], line.way]).filter(([low, high]) => high > low);
}

/** Follows the best way from the present to one end: [x, line beyond it], one linear piece after the other. */
function walked(start, end, now, at, up) {
  const found = [], value = (line, x) => line.fixed + line.slope * x;
  let current = start, reached = now;
  for (;;) {
    let candidate = end, x;
    for (;;) {
      const steeper = up ? current.slope - candidate.slope : candidate.slope - current.slope;
      if (steeper <= 1e-12 * Math.max(1, Math.abs(current.slope))) return found;
      x = (candidate.fixed - current.fixed) / (current.slope - candidate.slope);
      x = up ? Math.max(x, reached) : Math.min(x, reached);
      if (x < 0) return found;
      const better = at(x), there = value(current, x);
      if (value(better, x) >= there - 1e-9 * Math.max(1, there)) break;
      candidate = better;
    }
    if (x === 0 && !up) return found;
    found.push([x, candidate]);
    [current, reached] = [candidate, x];
  }
}
