// The map as a picture: an SVG that stands by itself, its title above and its sources below, or the same as PNG.

import { s } from "./dom.js";

const KEPT = ["fill", "fill-opacity", "fill-rule", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "paint-order", "vector-effect", "font-size", "font-weight"];
const FONT = "system-ui, sans-serif";
const [HEAD, LINE, EDGE] = [16, 19, 12];
const TIMES = 2;
/** Pixels of a PNG for one of the page. */

/** Puts what the style sheets say of an element upon the element itself. */
function styled(from, to) {
  const style = getComputedStyle(from);
  if (style.display === "none" || from.matches(".hit, .stop")) {
    to.remove();
    return;
  }
  for (const name of KEPT) {
    const value = style.getPropertyValue(name);
    if (value) to.setAttribute(name, value);
  }
  ["class", "tabindex", "role", "data-line", "data-node", "style"].forEach((name) => to.removeAttribute(name));
  const [own, copied] = [[...from.children], [...to.children]];
  own.forEach((child, n) => styled(child, copied[n]));
}

/** Cuts words into lines of at most so many letters. */
function wrapped(words, most) {
  const lines = [""];
  for (const word of words.split(" ")) {
    if (lines.at(-1) && lines.at(-1).length + word.length + 1 > most) lines.push(word);
    else lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
  }
  return lines;
}

/** What the colours of a layer mean, in rows no wider than a picture: [x, y, elements], and their height. */
function keyRows(key, width, ink) {
  let [x, y] = [EDGE, 20];
  const found = key.map(([colour, words]) => {
    const wide = (colour ? 20 : 0) + words.length * 7 + 16;
    if (x > EDGE && x + wide > width) [x, y] = [EDGE, y + 17];
    const here = [x, y, colour && s("rect", { y: -10, width: 15, height: 11, fill: colour }), s("text", { x: colour ? 20 : 0, "font-size": 12, "font-weight": colour ? 400 : 600, fill: ink }, words)];
    x += wide;
    return here;
  });
  return [found, key.length ? y + 2 : 0];
}

/** The map as SVG text, with its size; `key` says what the colours of a layer mean, as [colour, words]. */
export function pictureOf(svg, title, credit, key = []) {
  const [width, height] = [svg.clientWidth, svg.clientHeight];
  const [ground, ink] = [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color];
  const map = svg.cloneNode(true);
  styled(svg, map);
  const [heads, feet] = [wrapped(title, width / 8.5), wrapped(credit, width / 6.2)];
  const [entries, high] = keyRows(key, width, ink);
  const top = EDGE + heads.length * LINE;
  const below = top + height + high;
  const all = below + EDGE + feet.length * 15 + 4;
  for (const [name, value] of Object.entries({ x: 0, y: top, width, height })) map.setAttribute(name, value);
  const words = (lines, y, step, size, weight) => lines.map((line, n) => s("text", { x: EDGE, y: y + n * step, "font-size": size, "font-weight": weight, fill: ink }, line));
  const whole = s("svg", { viewBox: `0 0 ${width} ${all}`, width, height: all, "font-family": FONT },
    s("title", {}, title), s("rect", { width, height: all, fill: ground }), map, words(heads, EDGE + 8, LINE, HEAD - 2, 600), entries.map(([x, y, ...parts]) => s("g", { transform: `translate(${x} ${top + height + y})` }, parts)), words(feet, below + EDGE + 3, 15, 11, 400));
  return { text: new XMLSerializer().serializeToString(whole), width, height: all };
}

/** The picture as a blob of a kind, "svg" or "png". */
export async function blobOf({ text, width, height }, kind) {
  if (kind === "svg") return new Blob([text], { type: "image/svg+xml" });
  const image = new Image(width * TIMES, height * TIMES);
  const bytes = new TextEncoder().encode(text);
  let letters = "";
  for (let n = 0; n < bytes.length; n += 8192) letters += String.fromCharCode(...bytes.subarray(n, n + 8192));
  image.src = `data:image/svg+xml;base64,${btoa(letters)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * TIMES, height * TIMES];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((made) => canvas.toBlob(made, "image/png"));
}
