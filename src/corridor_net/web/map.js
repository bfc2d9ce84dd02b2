// The map, drawn as SVG from places that are already projected (units of 100 m). No request, no library.
//
//   const view = createMap(element, map, { label, pick, wheel })
//
// `map` holds frame, land, coast, border, scale, nodes, lines, modes, types as map_data.py gives them. `pick("node" or "line", number)`
// returns what a popup says of it, or null for no popup. `wheel` is "always", or "ctrl" on a page that scrolls.
//   view.show({ lines, routes, important, marked, shades })  which lines there are; routes as [{ kind, lines: Map(line → width) }],
//     drawn in that order (`silent`: no stop of the Tab key); nodes named first; lines that are changed; classes of nodes
//   view.setExtent(box)    what "show all" shows;  view.focusNode(number)  go to a place and open its popup
//   view.popup(x, y, content), view.close(), view.tell(text), view.redraw()

import { h, number, s, t } from "./dom.js";

const MOST = 5000;
const SHAPES = {
  circle: (r) => `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`,
  square: (r) => `M${-r} ${-r}H${r}V${r}H${-r}Z`,
  diamond: (r) => `M0 ${-r * 1.35}L${r * 1.35} 0L0 ${r * 1.35}L${-r * 1.35} 0Z`,
};

/** Gives every mode and kind of place its colours, for bright and dark pages, and lines their dashes. */
function paint({ modes, types }) {
  const sheet = new CSSStyleSheet();
  const shades = ({ colour, dark }) => `--bright:${colour};--dark:${dark}`;
  for (const [code, mode] of Object.entries(modes))
    sheet.insertRule(`.mode-${code}{${shades(mode)};stroke-width:${mode.width}${mode.dash ? `;stroke-dasharray:${mode.dash}` : ""}}`);
  for (const [code, type] of Object.entries(types)) sheet.insertRule(`.type-${code}{${shades(type)}}`);
  document.adoptedStyleSheets = [sheet];
}

/** What the lines and places of a map mean: a key of the modes and kinds of place that are on it. */
export function legendOf(map) {
  const known = (all, rows, of) => Object.entries(all).filter(([code]) => rows.some((row) => of(row) === code));
  const entry = (sign, words) => [h("span", { class: "entry" }, h("span", { class: sign }), words), " "];
  const modes = known(map.modes, map.lines, (line) => line.mode), types = known(map.types, map.nodes, (node) => node.type);
  const alike = {}; // by their sign
  for (const one of types) (alike[[one[1].shape, one[1].colour, one[1].dark]] ||= []).push(one);
  return [...modes.map(([code, mode]) => entry(`line mode-${code} kind-${mode.kind}${mode.dash ? " dashed" : ""}`, mode.way)),
    ...Object.values(alike).map((all) => entry(`dot type-${all[0][0]} ${all[0][1].shape}`, all.map(([, type]) => type.label).join(t(", "))))];
}

/** The path of a line in steps: its first place, then relative moves, as SVG has them. */
function path(steps, closed) {
  return `M${steps[0]} ${steps[1]}` + (steps.length > 2 ? `l${steps.slice(2).join(" ")}` : "") + (closed ? "z" : "");
}

/** The box [x0, y0, x1, y1] round places. */
export function extentOf(points) {
  const [xs, ys] = [points.map((point) => point[0]), points.map((point) => point[1])];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** How many km on the map a km on the ground is at a place, between the places of the grid that the map brings. */
export function scaleAt(map, x, y) {
  if (!map.scale) return 1;
  const { from, step, columns, k } = map.scale, last = columns - 1;
  const [u, v] = [(x - from[0]) / step[0], (y - from[1]) / step[1]].map((value) => Math.min(last, Math.max(0, value)));
  const [i, j] = [Math.min(Math.floor(u), last - 1), Math.min(Math.floor(v), last - 1)], [p, q] = [u - i, v - j];
  const at = (column, row) => k[row * columns + column];
  return (1 - q) * ((1 - p) * at(i, j) + p * at(i + 1, j)) + q * ((1 - p) * at(i, j + 1) + p * at(i + 1, j + 1));
}

export function placesOf(steps) {
  const found = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < steps.length; i += 2) {
    [x, y] = [x + steps[i], y + steps[i + 1]];
    found.push([x, y]);
  }
  return found;
}

function add(parent, tag, attributes) {
  const made = s(tag, attributes);
  parent.append(made);
  return made;
}

export function createMap(host, map, { label = t("Map"), pick = () => null, wheel = "ctrl", margin = 34 } = {}) {
  host.classList.add("map");
  paint(map);
  const svg = add(host, "svg", { tabindex: 0, role: "group", "aria-label": `${label}. ${t("Arrow keys move it, plus and minus zoom, 0 shows all, Tab goes along the route.")}` });
  svg.style.touchAction = wheel === "ctrl" ? "pan-y" : "none";
  const world = add(svg, "g", {});
  add(world, "path", { class: "sea", d: path(map.frame, true) });
  add(world, "path", { class: "land", d: map.land.map((ring) => path(ring, true)).join("") });
  add(world, "path", { class: "coast", d: map.coast.map((line) => path(line)).join("") });
  add(world, "path", { class: "border", d: map.border.map((line) => path(line)).join("") });
  const [under, over, above, hits, stops] = [0, 1, 2, 3, 4].map(() => add(world, "g", {}));
  const [marks, words] = [0, 1].map(() => add(svg, "g", { "aria-hidden": "true" }));
  const scale = add(svg, "g", { "aria-hidden": "true" });
  const [ruler, length] = [add(scale, "path", { class: "bar" }), add(scale, "text", { class: "fine" })];

  const note = h("div", { class: "map-note", hidden: true });
  const popup = h("div", { class: "map-popup", role: "dialog", hidden: true });
  const key = ([sign, title, act]) => h("button", { type: "button", "aria-label": title, title, onclick: act }, sign);
  const keys = [["+", t("Zoom in"), () => zoom(1.5)], ["−", t("Zoom out"), () => zoom(1 / 1.5)], ["⌂", t("Show all"), () => fit(home)]];
  host.append(note, popup, h("div", { class: "map-keys" }, keys.map(key)));

  const crowded = map.lines.length > MOST;
  const drawn = new Map();
  const paths = [];
  const pathOf = (index) => (paths[index] ||= path(map.lines[index].d));
  let present = null, home = null, named = new Set(), shaded = new Map(), focused = null;

  function drawLine(index) {
    const line = map.lines[index], { kind } = map.modes[line.mode];
    const seen = add(kind === "sea" ? under : above, "path", { class: `line mode-${line.mode} kind-${kind}`, d: pathOf(index) });
    const hit = add(hits, "path", { class: "hit", d: pathOf(index), "data-line": index });
    drawn.set(index, [seen, hit]);
  }

  /* which lines there are */
  function keep(set) {
    present = set;
    let left = 0;
    map.lines.forEach((_, index) => {
      const there = !set || set.has(index);
      if (there && !drawn.has(index)) crowded ? left++ : drawLine(index);
      const parts = drawn.get(index);
      if (parts) for (const part of parts) part.style.display = there ? "" : "none";
    });
    if (left) tell(t("{count:n0|link|links} that no route uses: not drawn", { count: left }));
  }

  function overlay(layers) {
    over.textContent = "";
    stops.textContent = "";
    for (const layer of layers) {
      for (const [index, width] of layer.lines) {
        if (!drawn.has(index)) drawLine(index);
        add(over, "path", { class: `over ${layer.name}`, d: pathOf(index), "stroke-width": width.toFixed(1), "data-line": index });
      }
    }
    const done = new Set();
    for (const layer of layers.filter((one) => !one.silent)) {
      for (const [index] of layer.lines) {
        if (done.has(index) || done.size >= 60) continue;
        done.add(index);
        const line = map.lines[index];
        const stop = add(stops, "path", { class: "stop", d: pathOf(index), tabindex: 0, role: "button", "aria-label": `${line.name}, ${map.modes[line.mode].label}, ${Math.round(line.km)} km` });
        stop.addEventListener("keydown", (event) => {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            focused = stop;
            open("line", index);
          }
        });
      }
    }
    redraw();
  }

  function show({ lines, routes = [], important = [], marked = [], shades = new Map() }) {
    keep(lines);
    [named, shaded] = [new Set(important), shades];
    for (const [index, [seen]] of drawn) seen.classList.toggle("changed", new Set(marked).has(index));
    overlay(routes.map(({ kind, lines: wide, silent }) => ({ name: kind, lines: [...wide], silent })));
  }

  /* the view: screen = place * k + (x, y) */
  const view = { x: 0, y: 0, k: 0.05 };
  const size = () => [host.clientWidth || 640, host.clientHeight || 480];

  function fit(box) {
    const [width, height] = size();
    const [x0, y0, x1, y1] = box || extentOf(placesOf(map.frame));
    const edge = Math.min(margin, width / 8);
    view.k = Math.min((width - 2 * edge) / Math.max(x1 - x0, 800), (height - 2 * edge) / Math.max(y1 - y0, 800));
    view.x = width / 2 - (view.k * (x0 + x1)) / 2;
    view.y = height / 2 - (view.k * (y0 + y1)) / 2;
    redraw();
  }

  const setExtent = (box) => fit((home = box));

  function focusNode(index) {
    const [width, height] = size();
    const node = map.nodes[index];
    view.k = Math.max(view.k, 0.09);
    view.x = width / 2 - node.x * view.k;
    view.y = height / 2 - node.y * view.k;
    named = new Set([...named, index]);
    redraw();
    open("node", index, width / 2, height / 2);
  }

  function zoom(factor, x, y) {
    const [width, height] = size();
    const cx = x === undefined ? width / 2 : x, cy = y === undefined ? height / 2 : y;
    const k = Math.min(1.5, Math.max(0.008, view.k * factor)), by = k / view.k;
    view.x = cx - (cx - view.x) * by;
    view.y = cy - (cy - view.y) * by;
    view.k = k;
    redraw();
  }

  function pan(dx, dy) {
    [view.x, view.y] = [view.x + dx, view.y + dy];
    redraw();
  }

  /* drawing: marks and labels are placed again in pixels, so that they keep their size and keep apart */
  const ruled = document.createElement("canvas").getContext("2d"), widths = new Map();
  function wide(name, main) {
    const key = (main ? "m" : "-") + name;
    if (!widths.has(key)) {
      ruled.font = main ? "600 12.5px system-ui,sans-serif" : "11px system-ui,sans-serif";
      widths.set(key, ruled.measureText(name).width);
    }
    return widths.get(key);
  }

  let waiting = false;
  function redraw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      render();
    });
  }

  function rank(index) {
    const node = map.nodes[index];
    if (named.has(index)) return 2e9 + node.people;
    return node.people + ({ square: 4e5, diamond: 1.5e5 }[map.types[node.type].shape] || 0);
  }

  function render() {
    const [width, height] = size();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    world.setAttribute("transform", `translate(${view.x.toFixed(2)} ${view.y.toFixed(2)}) scale(${view.k})`);
    marks.textContent = "";
    words.textContent = "";
    const taken = [[width - 50, 0, width, 136], [0, height - 30, 190, height]], dots = [];
    const free = (box, others) => !others.some((o) => o[0] < box[2] && o[2] > box[0] && o[1] < box[3] && o[3] > box[1]);
    const there = [];
    const used = present ? touched() : null;
    map.nodes.forEach((node, index) => {
      const x = node.x * view.k + view.x, y = node.y * view.k + view.y;
      if (x < -20 || y < -20 || x > width + 20 || y > height + 20) return;
      const role = named.has(index) ? "named" : "";
      if (used && !role && !used.has(index)) return;
      there.push({ node, index, x, y, role, rank: rank(index) });
    });
    there.sort((a, b) => b.rank - a.rank);
    const far = view.k < 0.028, crowded = there.length > 60; // then no place is labelled by its id
    for (const spot of there) {
      const r = spot.role ? 4.8 : far ? 2.6 : 3.4;
      (spot.role ? taken : dots).push([spot.x - r - 1, spot.y - r - 1, spot.x + r + 1, spot.y + r + 1]);
    }
    for (const spot of [...there].reverse()) {
      const r = spot.role ? 4.8 : far ? 2.6 : 3.4;
      add(marks, "path", { class: `node type-${spot.node.type} ${shaded.get(spot.index) || ""}`, d: SHAPES[map.types[spot.node.type].shape](r), transform: `translate(${spot.x.toFixed(1)} ${spot.y.toFixed(1)})`, "data-node": spot.index });
    }
    for (const { node, x, y, role, rank: weight } of there) {
      if (!role && (far ? weight < 3e5 : crowded && node.name === node.id)) continue;
      const main = role !== "" || node.people >= 1e6, high = main ? 12.5 : 11, w = wide(node.name, main);
      const beside = [[x + 8, y + 4], [x - 8 - w, y + 4], [x - w / 2, y - 9], [x - w / 2, y + high + 6], [x + 7, y - 6], [x + 7, y + high + 2], [x - 7 - w, y - 6], [x - 7 - w, y + high + 2]];
      const places = beside.map(([left, foot]) => ({ left, foot, box: [left - 2, foot - high, left + w + 2, foot + 3] }))
        .filter(({ box }) => box[0] >= 2 && box[2] <= width - 2 && box[1] >= 2 && box[3] <= height - 2 && free(box, taken));
      const place = places.find(({ box }) => free(box, dots)) || (role && places[0]); // what is named has its name at any rate
      if (!place) continue;
      taken.push(place.box);
      add(words, "text", { x: place.left.toFixed(1), y: place.foot.toFixed(1), class: main ? "main" : "" }).textContent = node.name;
    }
    if (!map.scale) return;
    const pixels = 10 * view.k * scaleAt(map, (12 - view.x) / view.k, (height - 11 - view.y) / view.k);
    const km = [2000, 1000, 500, 200, 100, 50, 20, 10, 5].find((value) => value * pixels < 130) || 2;
    ruler.setAttribute("d", `M12 ${height - 16}v5h${(km * pixels).toFixed(1)}v-5`);
    length.setAttribute("x", (18 + km * pixels).toFixed(1));
    length.setAttribute("y", height - 9);
    length.textContent = t("{km} km", { km: number(km) });
  }

  function touched() {
    const nodes = new Set();
    for (const index of present) {
      const line = map.lines[index];
      nodes.add(line.from);
      nodes.add(line.to);
    }
    return nodes;
  }

  /* popups */
  function place(x, y, content) {
    const button = h("button", { type: "button", class: "close", "aria-label": t("Close"), onclick: close }, "×");
    popup.replaceChildren(content, button);
    const head = popup.querySelector("h3");
    popup.setAttribute("aria-label", head ? head.textContent : t("Details"));
    popup.hidden = false;
    const [width, height] = size();
    popup.style.left = `${Math.max(10, Math.min(x + 12, width - popup.offsetWidth - 10))}px`;
    popup.style.top = `${Math.max(10, Math.min(y + 12, height - popup.offsetHeight - 10))}px`;
    return button;
  }

  function open(kind, index, x, y) {
    const content = pick(kind, index);
    if (!content) return;
    const middle = kind === "line" ? extentOf(placesOf(map.lines[index].d)) : [map.nodes[index].x, map.nodes[index].y, map.nodes[index].x, map.nodes[index].y];
    const px = x === undefined ? ((middle[0] + middle[2]) / 2) * view.k + view.x : x;
    const py = y === undefined ? ((middle[1] + middle[3]) / 2) * view.k + view.y : y;
    const button = place(px, py, content);
    if (x === undefined) button.focus();
  }

  function close() {
    popup.hidden = true;
    if (focused) focused.focus();
    focused = null;
  }

  let fading = 0;
  function tell(text) {
    note.textContent = text;
    note.hidden = false;
    clearTimeout(fading);
    fading = setTimeout(() => (note.hidden = true), 2500);
  }

  /* hands: drag, pinch, wheel, click, keys */
  const fingers = new Map();
  let moved = 0;
  const at = (event) => {
    const box = svg.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, at(event));
    if (fingers.size === 1) moved = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    if (fingers.size === 1) {
      if (event.pointerType === "touch" && wheel === "ctrl" && Math.abs(now[0] - before[0]) < Math.abs(now[1] - before[1]) && moved < 4) return;
      moved += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
      if (moved > 4) {
        if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
        pan(now[0] - before[0], now[1] - before[1]);
      }
    } else {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
      moved = 99;
      pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
      zoom(apart(now) / apart(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    fingers.set(event.pointerId, now);
  });
  const lift = (event) => fingers.delete(event.pointerId);
  svg.addEventListener("pointerup", lift);
  svg.addEventListener("pointercancel", lift);
  svg.addEventListener("pointerleave", (event) => {
    if (!svg.hasPointerCapture(event.pointerId)) lift(event);
  });
  svg.addEventListener("click", (event) => {
    if (moved > 4) return;
    const target = event.target, [x, y] = at(event);
    popup.hidden = true;
    if (target.dataset.node !== undefined) open("node", Number(target.dataset.node), x, y);
    else if (target.dataset.line !== undefined) open("line", Number(target.dataset.line), x, y);
  });
  svg.addEventListener("dblclick", (event) => zoom(1.7, ...at(event)));
  svg.addEventListener("wheel", (event) => {
    if (wheel === "ctrl" && !event.ctrlKey && !event.metaKey) return tell(t("Hold Ctrl to zoom with the wheel"));
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * 0.0018), ...at(event));
  }, { passive: false });
  host.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !popup.hidden) {
      event.preventDefault();
      return close();
    }
    if (popup.contains(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: [70, 0], ArrowRight: [-70, 0], ArrowUp: [0, 70], ArrowDown: [0, -70] }[event.key];
    if (step) pan(...step);
    else if (event.key === "+" || event.key === "=") zoom(1.4);
    else if (event.key === "-") zoom(1 / 1.4);
    else if (event.key === "0") fit(home);
    else return;
    event.preventDefault();
  });

  let last = "";
  new ResizeObserver(() => {
    const now = size().join();
    if (last && now !== last && !matchMedia("print").matches) fit(home);
    last = now;
  }).observe(host);

  keep(null);
  fit(null);
  return { show, setExtent, focusNode, popup: place, close, tell, redraw };
}
