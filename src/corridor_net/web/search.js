// Finding a place by its name in any language, or its code.

import { h, t } from "./dom.js";

/** The numbers of at most `most` places whose name, in any language, or code has these letters; the nearest first. */
export function search(nodes, text, most = 8) {
  const plain = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = plain(text.trim());
  if (!wanted) return [];
  const found = [];
  nodes.forEach((node, index) => {
    const at = Math.min(...[node.name, ...node.names].map((name) => plain(name).indexOf(wanted)).filter((place) => place >= 0));
    if (at < Infinity) found.push([at, -node.people, index]);
  });
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return found.slice(0, most).map((entry) => entry[2]);
}

/** A field in which a place is typed, with the places found below it; `chosen(number)` hears of the choice. */
export function searchBox(nodes, chosen, words = t("Find a place")) {
  const found = h("div", { class: "found", role: "listbox", "aria-label": t("Places found"), hidden: true });
  const field = h("input", { type: "search", "aria-label": words, placeholder: words, autocomplete: "off" });
  const take = (number) => {
    found.hidden = true;
    field.value = nodes[number].name;
    chosen(number);
  };
  field.addEventListener("input", () => {
    const numbers = search(nodes, field.value);
    const entry = (number) => h("button", { type: "button", role: "option", onclick: () => take(number) }, nodes[number].name);
    found.replaceChildren(...numbers.map(entry));
    found.hidden = !numbers.length;
  });
  field.addEventListener("keydown", (event) => {
    const [first] = search(nodes, field.value, 1);
    if (event.key === "Enter" && first !== undefined) take(first);
    else if (event.key === "Escape") found.hidden = true;
    else if (event.key === "ArrowDown" && found.firstChild) found.firstChild.focus();
  });
  found.addEventListener("keydown", (event) => {
    const next = { ArrowDown: "nextSibling", ArrowUp: "previousSibling" }[event.key];
    if (event.key === "Escape") found.hidden = true;
    if (next && document.activeElement[next]) document.activeElement[next].focus();
    if (next) event.preventDefault();
  });
  return h("div", { class: "search" }, field, found);
}
