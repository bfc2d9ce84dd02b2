// Making elements, and numbers as people read them. Text is always set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** h("td", {class: "number"}, "12") makes an HTML element; attributes that are null or false are left out. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** s("path", {d: "M0 0"}) makes an SVG element. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

// ---- words: templates in English, in the page's language where it brings them

let spoken = { language: "en", words: {}, marks: [",", "."] };

/** Takes the page's language: { language, words: { template: translation }, marks: of thousands and decimals }. */
export function speak(told) {
  spoken = told || spoken;
}

/** t("{count} of {all}", { count: 2, all: 5 }) says a template, translated, with its fields filled; of
 * "{count:n0|link|links}" the form that the count asks for (the plural rules of CLDR). */
export function t(template, values = {}) {
  const said = (spoken.words[template] || template).replace(" CO₂e", "\u00a0CO₂e");
  return withParticles(said.replace(/\{(\w+)(?::n0((?:\|[^|{}]+)*))?\}/g, (whole, name, forms) => {
    if (!(name in values)) return whole;
    return forms ? `${number(values[name])} ${form(values[name], forms.slice(1).split("|"))}` : values[name];
  }));
}

const PARTICLES = { "은(는)": "은는", "이(가)": "이가", "을(를)": "을를", "와(과)": "과와" };

/** Korean particles in the form that the syllable before them asks for, of those that a template holds in both. */
function withParticles(text) {
  if (spoken.language !== "ko") return text;
  return text.replace(/([가-힣])(은\(는\)|이\(가\)|을\(를\)|와\(과\))/g, (_, sign, both) => sign + PARTICLES[both][(sign.charCodeAt(0) - 0xac00) % 28 ? 0 : 1]);
}

/** The form of a word after a count: of ["link", "links"], or of the three that Russian has. */
function form(count, forms) {
  const place = { one: 0, few: 1, many: 2 }[new Intl.PluralRules(spoken.language).select(count)] ?? 1;
  return forms[Math.min(place, forms.length - 1)];
}

/** The sign before decimals as the language has it. */
export const decimals = (text) => text.replace(".", spoken.marks[1]);

/** 12345.6 → "12,346"; with a sign where it is a change. A change too small to see is "0". */
export function number(value, digits = 0, signed = false) {
  if (value === null || value === undefined) return "–";
  const text = Math.abs(value).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const marked = text.replace(/[,.]/g, (sign) => spoken.marks[sign === "," ? 0 : 1]);
  if (!/[1-9]/.test(text)) return marked;
  return (value < 0 ? "−" : signed ? "+" : "") + marked;
}

// ---- money: USD, shown in what the reader counts in

let money = { code: "USD", per_usd: 1, fewer: 0 };

/** Takes the money of the reader: { code, per_usd, fewer: digits less than of USD }. */
export function countIn(told) {
  money = told || money;
}

/** How many of the reader's money a dollar is. */
export const perUsd = () => money.per_usd;
/** Digits of an amount of which USD would have so many. */
export const digitsOf = (digits) => Math.max(0, digits - money.fewer);
/** USD as a number of the reader's money. */
export const paid = (usd, digits = 0) => number(usd * money.per_usd, digitsOf(digits));
/** Words about USD as words about the reader's money. */
export const inMoney = (words) => words.replace(/\bUSD\b/g, money.code);

/** How many of the reader's money one of a unit is; 1 where it is not of USD. */
export const perUnit = (unit) => (inMoney(unit) === unit ? 1 : money.per_usd);

/** 0.891 → "89%", in Russian with a space that holds. */
export const percent = (share) => `${number(100 * share)}${spoken.language === "ru" ? "\u00a0" : ""}%`;

/** What is shown between two numbers that stand beside it: the difference of these as they are shown. */
export const shownChange = (before, after, digits = 0) => number(apart(before, after, digits), digits, true);
export const apart = (before, after, digits = 0) => Number((Number(after.toFixed(digits)) - Number(before.toFixed(digits))).toFixed(digits));

/** Parts rounded so that they add up to the total as it is shown: rounded down, those cut most get one unit more. */
export function fitted(parts, digits = 0, total = parts.reduce((a, b) => a + b, 0)) {
  const scale = 10 ** digits;
  const units = parts.map((part) => Math.floor(part * scale));
  const missing = Math.round(Number(total.toFixed(digits)) * scale) - units.reduce((a, b) => a + b, 0);
  const cut = parts.map((part, n) => [part * scale - units[n], n]).sort(([a, i], [b, j]) => b - a || i - j);
  cut.slice(0, Math.max(missing, 0)).forEach(([, n]) => (units[n] += 1));
  return units.map((unit) => unit / scale);
}

/** A link to a web page, or plain text when the address is not one. */
export function link(address, words) {
  if (!/^https?:\/\//.test(address || "")) return document.createTextNode(words);
  return h("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, words);
}

/** Tells each cell of a table its heading: on a phone a row is shown as its cells one after the other. */
export function headed(table) {
  const heads = [...table.tHead.rows[0].cells];
  for (const row of [...table.rows].slice(1)) [...row.cells].forEach((cell, n) => cell.tagName === "TD" && (cell.dataset.head = heads[n].textContent));
  return table;
}

/** Lets the columns of a table be sorted by a press on their headings. */
export function sortable(table) {
  const heads = [...headed(table).tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = h("button", { type: "button", class: "sort" });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row.cells[column]), row]);
      rows.sort(([a], [b]) => compare(a, b) * (down ? -1 : 1));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  });
  return table;
}

function valueOf(cell) {
  const given = cell.dataset.value;
  if (given !== undefined) return given === "" ? Infinity : Number(given);
  return cell.textContent.trim();
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
