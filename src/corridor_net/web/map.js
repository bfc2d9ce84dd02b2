/* The map, drawn as SVG from places that are already projected (units of 100 m). No request, no library.
 *
 *   const view = corridorMap(element, map, { label, describe, onNode, wheel, margin })
 *
 * `map` holds frame, land, coast, border, nodes, lines as map_data.py gives them. `describe(line)` returns the
 * content of a popup; `onNode(node)` is told of a click on a node. `wheel` is "always", or "ctrl" on a page that
 * scrolls. The view then takes
 *   view.show(set)        which lines are there (null: all)
 *   view.overlay(layers)  [{ name: "before", lines: [[line, width], ...], words }], drawn in that order
 *   view.mark(roles)      { ends: [nodes], names: [nodes] }, labelled first
 *   view.fit(lines)       zoom to lines (all that are shown when not given)
 *   view.popup(x, y, content), view.open(line), view.close(), view.draw()
 */
"use strict";
(function () {
  const SVG = "http://www.w3.org/2000/svg";
  const MOST = 5000;
  const SHAPES = {
    seaport: (r) => `M${-r} ${-r}H${r}V${r}H${-r}Z`,
    border_station: (r) => `M0 ${-r * 1.35}L${r * 1.35} 0L0 ${r * 1.35}L${-r * 1.35} 0Z`,
  };
  const circle = (r) => `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`;

  function element(name, attributes, parent) {
    const made = document.createElementNS(SVG, name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    if (parent) parent.append(made);
    return made;
  }

  /** The path of a line in steps: its first place, then relative moves, as SVG has them. */
  function path(steps, closed) {
    return `M${steps[0]} ${steps[1]}` + (steps.length > 2 ? `l${steps.slice(2).join(" ")}` : "") + (closed ? "z" : "");
  }

  function bounds(lines) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const steps of lines) {
      let x = 0, y = 0;
      for (let i = 0; i < steps.length; i += 2) {
        x += steps[i];
        y += steps[i + 1];
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
    }
    return box;
  }

  function corridorMap(host, map, options) {
    const { label = "Map", describe = null, onNode = null, wheel = "ctrl", margin = 34 } = options || {};
    host.classList.add("map");
    const svg = element("svg", { tabindex: 0, role: "group", "aria-label": `${label}. Arrow keys move it, plus and minus zoom, 0 shows all, Tab goes along the route.` }, host);
    svg.style.touchAction = wheel === "ctrl" ? "pan-y" : "none";
    const world = element("g", {}, svg);
    element("path", { class: "sea", d: path(map.frame, true) }, world);
    element("path", { class: "land", d: map.land.map((ring) => path(ring, true)).join("") }, world);
    element("path", { class: "coast", d: map.coast.map((line) => path(line)).join("") }, world);
    element("path", { class: "border", d: map.border.map((line) => path(line)).join("") }, world);
    const under = element("g", {}, world), over = element("g", {}, world), above = element("g", {}, world);
    const hits = element("g", {}, world), stops = element("g", {}, world);
    const marks = element("g", { "aria-hidden": "true" }, svg), words = element("g", { "aria-hidden": "true" }, svg);
    const scale = element("g", { "aria-hidden": "true" }, svg);
    const ruler = element("path", { class: "bar" }, scale), length = element("text", { class: "fine" }, scale);

    const note = document.createElement("div");
    note.className = "map-note";
    note.hidden = true;
    const popup = document.createElement("div");
    popup.className = "map-popup";
    popup.setAttribute("role", "dialog");
    popup.hidden = true;
    const keys = document.createElement("div");
    keys.className = "map-keys";
    for (const [sign, title, act] of [["+", "Zoom in", () => zoom(1.5)], ["−", "Zoom out", () => zoom(1 / 1.5)], ["⌂", "Show all", () => fit(home)]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      button.setAttribute("aria-label", title);
      button.title = title;
      button.addEventListener("click", act);
      keys.append(button);
    }
    host.append(note, popup, keys);

    const crowded = map.lines.length > MOST;
    const drawn = new Map();
    const paths = map.lines.map((line) => path(line.d));
    let present = null, home = null, ends = new Set(), named = new Set(), overlays = [], focused = null;

    function drawLine(index) {
      const line = map.lines[index], kind = line.mode === "sea" ? "sealane" : line.mode;
      const seen = element("path", { class: `line ${kind}`, d: paths[index] }, line.mode === "sea" ? under : above);
      const hit = element("path", { class: "hit", d: paths[index], "data-line": index }, hits);
      drawn.set(index, [seen, hit]);
    }

    /* which lines there are */
    function show(set) {
      present = set;
      let left = 0;
      map.lines.forEach((_, index) => {
        const there = !set || set.has(index);
        if (there && !drawn.has(index)) crowded ? left++ : drawLine(index);
        const parts = drawn.get(index);
        if (parts) for (const part of parts) part.style.display = there ? "" : "none";
      });
      if (left) tell(`${left.toLocaleString("en")} links that no route uses are not drawn`);
    }

    function overlay(layers) {
      overlays = layers;
      over.textContent = "";
      stops.textContent = "";
      for (const layer of layers) {
        for (const [index, width] of layer.lines) {
          if (!drawn.has(index)) drawLine(index);
          element("path", { class: `over ${layer.name}`, d: paths[index], "stroke-width": width.toFixed(1), "data-line": index }, over);
        }
      }
      const done = new Set();
      for (const layer of layers) {
        for (const [index] of layer.lines) {
          if (done.has(index) || done.size >= 60) continue;
          done.add(index);
          const line = map.lines[index];
          const stop = element("path", { class: "stop", d: paths[index], tabindex: 0, role: "button", "aria-label": `${line.name}, ${line.mode}, ${Math.round(line.km)} km` }, stops);
          stop.addEventListener("keydown", (event) => {
            if (event.key === "Enter" || event.key === " ") {
              event.preventDefault();
              focused = stop;
              open(index);
            }
          });
        }
      }
      draw();
    }

    function mark(roles) {
      ends = new Set(roles.ends || []);
      named = new Set(roles.names || []);
      draw();
    }

    /* the view: screen = place * k + (x, y) */
    const view = { x: 0, y: 0, k: 0.05 };
    const size = () => [host.clientWidth || 640, host.clientHeight || 480];

    function fit(lines) {
      const [width, height] = size();
      const chosen = lines && lines.length ? lines : [...(present || map.lines.keys())];
      home = lines && lines.length ? lines : home;
      const [x0, y0, x1, y1] = chosen.length ? bounds(chosen.map((index) => map.lines[index].d)) : bounds([map.frame]);
      const edge = Math.min(margin, width / 8);
      view.k = Math.min((width - 2 * edge) / Math.max(x1 - x0, 800), (height - 2 * edge) / Math.max(y1 - y0, 800));
      view.x = width / 2 - (view.k * (x0 + x1)) / 2;
      view.y = height / 2 - (view.k * (y0 + y1)) / 2;
      draw();
    }

    function zoom(factor, x, y) {
      const [width, height] = size();
      const cx = x === undefined ? width / 2 : x, cy = y === undefined ? height / 2 : y;
      const k = Math.min(1.5, Math.max(0.008, view.k * factor)), by = k / view.k;
      view.x = cx - (cx - view.x) * by;
      view.y = cy - (cy - view.y) * by;
      view.k = k;
      draw();
    }

    function pan(dx, dy) {
      view.x += dx;
      view.y += dy;
      draw();
    }

    /* drawing: marks and labels are placed anew in pixels, so that they keep their size and keep apart */
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
    function draw() {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        render();
      });
    }

    function rank(index) {
      const node = map.nodes[index];
      if (ends.has(index)) return 4e9;
      if (named.has(index)) return 2e9 + node.people;
      return node.people + (node.type === "seaport" ? 4e5 : node.type === "border_station" ? 1.5e5 : 0);
    }

    function render() {
      const [width, height] = size();
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      world.setAttribute("transform", `translate(${view.x.toFixed(2)} ${view.y.toFixed(2)}) scale(${view.k})`);
      marks.textContent = "";
      words.textContent = "";
      const taken = [[width - 50, 0, width, 136], [0, height - 30, 190, height]];
      const there = [];
      const used = present ? touched() : null;
      map.nodes.forEach((node, index) => {
        const x = node.x * view.k + view.x, y = node.y * view.k + view.y;
        if (x < -20 || y < -20 || x > width + 20 || y > height + 20) return;
        const role = ends.has(index) ? "end" : named.has(index) ? "named" : "";
        if (used && !role && !used.has(index)) return;
        there.push({ node, index, x, y, role, rank: rank(index) });
      });
      there.sort((a, b) => b.rank - a.rank);
      const far = view.k < 0.028;
      for (const spot of there) {
        const r = spot.role === "end" ? 5.5 : spot.role === "named" ? 4.4 : far ? 2.6 : 3.4;
        taken.push([spot.x - r - 1, spot.y - r - 1, spot.x + r + 1, spot.y + r + 1]);
      }
      for (const spot of [...there].reverse()) {
        const r = spot.role === "end" ? 5.5 : spot.role === "named" ? 4.4 : far ? 2.6 : 3.4;
        const kind = spot.role === "end" ? "end " + spot.node.type : spot.node.type;
        element("path", { class: `node ${kind}`, d: (SHAPES[spot.node.type] || circle)(r), transform: `translate(${spot.x.toFixed(1)} ${spot.y.toFixed(1)})`, "data-node": spot.index }, marks);
      }
      for (const { node, x, y, role, rank: weight } of there) {
        if (far && !role && weight < 3e5) continue;
        const main = role !== "" || node.people >= 1e6, high = main ? 12.5 : 11, w = wide(node.name, main);
        for (const [left, foot] of [[x + 8, y + 4], [x - 8 - w, y + 4], [x - w / 2, y - 9], [x - w / 2, y + high + 6], [x + 7, y - 6], [x + 7, y + high + 2], [x - 7 - w, y - 6], [x - 7 - w, y + high + 2]]) {
          const box = [left - 2, foot - high, left + w + 2, foot + 3];
          if (box[0] < 2 || box[2] > width - 2 || box[1] < 2 || box[3] > height - 2) continue;
          if (taken.some((o) => o[0] < box[2] && o[2] > box[0] && o[1] < box[3] && o[3] > box[1])) continue;
          taken.push(box);
          element("text", { x: left.toFixed(1), y: foot.toFixed(1), class: main ? "main" : "" }, words).textContent = node.name;
          break;
        }
      }
      const km = [1000, 500, 200, 100, 50, 20, 10, 5].find((value) => value * 10 * view.k < 130) || 2;
      ruler.setAttribute("d", `M12 ${height - 16}v5h${(km * 10 * view.k).toFixed(1)}v-5`);
      length.setAttribute("x", (18 + km * 10 * view.k).toFixed(1));
      length.setAttribute("y", height - 9);
      length.textContent = `${km} km`;
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
      popup.textContent = "";
      const close_ = document.createElement("button");
      close_.type = "button";
      close_.className = "close";
      close_.textContent = "×";
      close_.setAttribute("aria-label", "Close");
      close_.addEventListener("click", close);
      popup.append(content, close_);
      const head = popup.querySelector("h3");
      popup.setAttribute("aria-label", head ? head.textContent : "Details");
      popup.hidden = false;
      const [width, height] = size();
      popup.style.left = `${Math.max(10, Math.min(x + 12, width - popup.offsetWidth - 10))}px`;
      popup.style.top = `${Math.max(10, Math.min(y + 12, height - popup.offsetHeight - 10))}px`;
      return close_;
    }

    function open(index, x, y) {
      if (!describe) return;
      const steps = map.lines[index].d;
      const middle = bounds([steps]);
      const px = x === undefined ? ((middle[0] + middle[2]) / 2) * view.k + view.x : x;
      const py = y === undefined ? ((middle[1] + middle[3]) / 2) * view.k + view.y : y;
      const button = place(px, py, describe(index));
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
      if (target.dataset.node !== undefined && onNode) return onNode(Number(target.dataset.node), x, y);
      if (target.dataset.line !== undefined) return open(Number(target.dataset.line), x, y);
      popup.hidden = true;
    });
    svg.addEventListener("dblclick", (event) => zoom(1.7, ...at(event)));
    svg.addEventListener("wheel", (event) => {
      if (wheel === "ctrl" && !event.ctrlKey && !event.metaKey) return tell("Hold Ctrl to zoom with the wheel");
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

    show(null);
    fit(null);
    return { show, overlay, mark, fit, zoom, pan, popup: place, open, close, draw, tell, get overlays() { return overlays; }, get view() { return { ...view }; } };
  }

  window.corridorMap = corridorMap;
})();
