// A setting: what is asked and what is changed. As a fragment of the page's address, and as a scenario in a file.
//
// A change is { kind: "hours", crossing, component, value }, { kind: "charge", charge, value (a factor) }, { kind: "sailings",
// service, value } or { kind: "close", link }; ids as the data have them, components by number.

const MARK = "try";
const KINDS = ["hours", "charge", "sailings", "close"];

/** Two changes of one figure have one key. */
export const changeKey = (change) => [change.kind, change.crossing ?? change.charge ?? change.service ?? change.link, change.component ?? ""].join(":");

// ---- in the address

/** The fragment for a setting: { baseline, scenario, origin, destination, by, worth, co2, changes }, ids throughout. */
export function fragmentOf(setting, codes) {
  const told = new URLSearchParams();
  for (const name of ["baseline", "scenario", "origin", "destination", "by", "worth", "co2"]) {
    if (setting[name] !== null && setting[name] !== undefined) told.append(name, setting[name]);
  }
  for (const { kind, crossing, component, charge, service, link, value } of setting.changes) {
    const parts = { hours: [crossing, codes[component], value], charge: [charge, value], sailings: [service, value], close: [link] }[kind];
    told.append(kind, parts.join(":"));
  }
  return `${MARK}&${told}`;
}

/** The setting of a fragment, null where it is none. What is not understood is left out. */
export function settingOf(fragment, codes) {
  const [mark, ...rest] = fragment.replace(/^#/, "").split("&");
  if (mark !== MARK) return null;
  const told = new URLSearchParams(rest.join("&"));
  const amount = (name) => (told.has(name) && Number.isFinite(Number(told.get(name))) && Number(told.get(name)) >= 0 ? Number(told.get(name)) : null);
  const found = { baseline: told.get("baseline"), scenario: told.get("scenario"), origin: told.get("origin"), destination: told.get("destination"), by: told.get("by"), worth: amount("worth"), co2: amount("co2"), changes: [] };
  for (const [kind, text] of told) {
    if (KINDS.includes(kind)) found.changes.push(changeOf(kind, text.split(":"), codes));
  }
  found.changes = found.changes.filter((change) => change && (change.kind === "close" || (Number.isFinite(change.value) && change.value >= 0)));
  return found;
}

function changeOf(kind, parts, codes) {
  const value = Number(parts[parts.length - 1]);
  const before = (count) => parts.slice(0, parts.length - count).join(":"); // an id may have colons of its own
  if (kind === "close") return { kind, link: before(0) };
  if (kind === "sailings") return value > 0 ? { kind, service: before(1), value } : null;
  if (kind === "hours") return { kind, crossing: before(2), component: codes.indexOf(parts[parts.length - 2]), value };
  return { kind, charge: before(1), value };
}

// ---- as a file

const quoted = (text) => JSON.stringify(String(text));
const plain = (value) => (/e/.test(String(value)) ? value.toFixed(15) : String(value));

/** A scenario file with the changes of a setting; `asked` is the command that gives the same answer. */
export function scenarioText({ name, title, why, asked, base, changes }) {
  const lines = [`# ${asked}`, `scenario: ${name}`, `title: ${quoted(title)}`, `why: ${quoted(why)}`];
  if (base) lines.push(`extends: [${quoted(base)}]`);
  lines.push(changes.length ? "changes:" : "changes: []", ...changes.flatMap(changeText));
  return `${lines.join("\n")}\n`;
}

function changeText(change) {
  const { kind, value, was } = change;
  const guard = was === undefined || was === null ? [] : [`    was: ${plain(was)}`];
  const listed = (ids) => `[${ids.map(quoted).join(", ")}]`;
  if (kind === "close") return ["  - close: link", `    where: {link_id: ${quoted(change.link)}}`];
  if (kind === "sailings") return ["  - set: service", `    where: {service_id: ${quoted(change.service)}}`, "    field: sailings_per_week", `    value: ${plain(value)}`, ...guard];
  if (kind === "hours") {
    return ["  - set: crossing", `    where: {crossing_id: ${quoted(change.crossing)}}`, `    component: ${change.code}`, "    field: hours", `    value: ${plain(value)}`, ...guard];
  }
  return ["  - scale: terminal", `    where: {terminal_id: ${listed(change.terminals)}}`, `    component: ${change.code}`, "    field: cost", `    by: ${plain(value)}`];
}
