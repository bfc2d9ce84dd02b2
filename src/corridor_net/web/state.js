// What the page knows: the question and up to four scenarios, with undo and redo. No page, no server.

export const MOST_SCENARIOS = 4;

/** What nobody has chosen yet is null: the network then says where, when and what (`completed`). */
export const START = {
  question: { origin: null, destination: null, as_of: null, cargo: null, by: "generalised", currency: "USD", value_of_time_usd_per_hour: null },
  scenarios: [{ scenario: "my-scenario", title: "My scenario", changes: [] }],
  active: 0,
};

const MOST_STEPS = 200;
const MOST_KEPT = 60;

/** Keeps a state and its past. Changes with the same `tag` one after the other are one step back. */
export function createStore(initial, listener, kept = null) {
  const steps = (list) => (Array.isArray(list) ? list.map(checked).filter(Boolean) : []);
  let [state, past, future, last] = [initial, steps(kept?.past), steps(kept?.future), null];
  const tell = () => listener(state);
  return {
    get state() { return state; },
    get canUndo() { return past.length > 0; },
    get canRedo() { return future.length > 0; },
    /** The last steps back and forth, to be kept in the tab. */
    get kept() { return { past: past.slice(-MOST_KEPT), future: future.slice(-MOST_KEPT) }; },
    set(next, tag = null) {
      if (JSON.stringify(next) === JSON.stringify(state)) return;
      if (tag === null || tag !== last) past.push(state);
      if (past.length > MOST_STEPS) past.shift();
      [state, future, last] = [next, [], tag];
      tell();
    },
    /** Takes a state as if it had been there from the start. */
    begin(next) { state = next; },
    undo() {
      if (!past.length) return;
      future.push(state);
      [state, last] = [past.pop(), null];
      tell();
    },
    redo() {
      if (!future.length) return;
      past.push(state);
      [state, last] = [future.pop(), null];
      tell();
    },
  };
}

/** A question whose places, day and cargo are those of a network: what is null or not there is its first. */
export function completed(question, net) {
  const known = (id, list) => (net.node.has(id) ? id : list.find((other) => net.node.has(other)) ?? net.map.nodes[0]?.id ?? null);
  const [from, to] = net.pair ?? [];
  const origin = known(question.origin ?? from, net.origins);
  const destination = known(question.destination ?? to, net.markets.filter((id) => id !== origin));
  const cargo = net.cargos.some((one) => one.id === question.cargo) ? question.cargo : net.cargo;
  return { ...question, origin, destination, cargo, as_of: question.as_of ?? net.as_of };
}

/** What a change is about: two changes of one figure have one key. */
export function keyOf(change) {
  const verb = ["set", "scale", "shift", "add", "close", "open"].find((name) => name in change);
  if (verb === "add") return JSON.stringify(["add", change.add, change.row]);
  const state = verb === "close" || verb === "open";
  return JSON.stringify([state ? "state" : "value", change[verb], change.where, change.component || null, state ? null : change.field, change.cargo_unit || null]);
}

/** A scenario with a change made in place of an earlier one of the same figure; without it when it changes nothing. */
export function withChange(scenario, change) {
  const key = keyOf(change);
  const at = scenario.changes.findIndex((other) => keyOf(other) === key);
  const idle = "set" in change && change.value === change.was;
  const changes = [...scenario.changes];
  if (at >= 0) changes.splice(at, 1, ...(idle ? [] : [change]));
  else if (!idle) changes.push(change);
  return { ...scenario, changes };
}

/** The places in the list of a change and of those that rest on what it adds. */
export function withThoseOn(changes, n) {
  const row = changes[n].row || {};
  const id = changes[n].add && row[`${changes[n].add}_id`];
  const ids = id ? [id, `${id}-out`, `${id}-in`] : [];
  return changes.flatMap((one, other) => (other === n || Object.values(one.where || {}).flat().some((value) => ids.includes(value)) ? [other] : []));
}

/** A scenario as it is asked: without the changes that are switched off. */
export function asked(scenario) {
  return { ...scenario, changes: scenario.changes.filter((one) => !one.off).map(({ off, ...rest }) => rest) };
}

/** The place in a scenario's list of the change that was asked as number `n`. */
export function placeOf(scenario, n) {
  return scenario.changes.flatMap((one, place) => (one.off ? [] : [place]))[n] ?? n;
}

/** A name as scenario files want it: lower case with hyphens. */
export function slug(words) {
  return words.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "scenario";
}

export function encode(state) {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** A state from a link or a tab's memory; null when it is none. */
export function decode(text) {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    return checked(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}

export function checked(state) {
  const fine = state && (state.question === undefined || typeof state.question === "object") && Array.isArray(state.scenarios) && state.scenarios.length >= 1
    && state.scenarios.length <= MOST_SCENARIOS && state.scenarios.every((one) => one && typeof one.scenario === "string" && Array.isArray(one.changes) && one.changes.every((made) => made && typeof made === "object"));
  if (!fine) return null;
  return { question: { ...START.question, ...state.question }, scenarios: state.scenarios, active: Math.min(Math.max(state.active | 0, 0), state.scenarios.length - 1) };
}
