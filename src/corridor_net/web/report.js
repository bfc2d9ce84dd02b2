/* The report: joins the map, the choice of run and origin, and the tables. Everything is in the page already. */
"use strict";
(function () {
  const study = JSON.parse(document.getElementById("data").textContent);
  const { map, runs, arcs, parts, labels, components } = study;
  const $ = (id) => document.getElementById(id);
  const number = (value, digits) => value.toLocaleString("en", { minimumFractionDigits: digits || 0, maximumFractionDigits: digits || 0 });
  const signed = (value, digits) => {
    const text = number(Math.abs(value), digits);
    return /[1-9]/.test(text) ? (value > 0 ? "+" : "−") + text : text;
  };
  const name = (node) => (node === null || node === undefined ? "by land" : map.nodes[node].name);

  /** An element with text or children; text is never read as markup. */
  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  /* what is chosen */
  const state = { baseline: runs[0].baseline, scenario: "", origin: -1, way: "both" };
  const baseOf = (baseline) => runs.find((run) => run.baseline === baseline && !run.scenario);
  const before = () => baseOf(state.baseline);
  const after = () => runs.find((run) => run.baseline === state.baseline && run.scenario === state.scenario) || null;

  function present(run) {
    if (!run.present) {
      const rows = new Set(baseOf(run.baseline).arcs);
      for (const row of run.less || []) rows.delete(row);
      for (const row of run.more || []) rows.add(row);
      run.present = rows;
      run.lines = new Set([...rows].map((row) => arcs[row][4]).filter((line) => line >= 0));
    }
    return run;
  }

  function chosenOrigins(run) {
    const all = study.origins.map((_, index) => index).filter((index) => run.routes[index]);
    return state.origin < 0 ? all : all.filter((index) => index === state.origin);
  }

  /** Widths of the lines of a run: by the share of trade, or even for one origin. */
  function layer(run, title) {
    const flow = new Map();
    const chosen = chosenOrigins(run);
    for (const index of chosen) {
      for (const row of run.routes[index].arcs) {
        const line = arcs[row][4];
        if (line >= 0) flow.set(line, (flow.get(line) || 0) + study.weights[index]);
      }
    }
    const single = state.origin >= 0;
    return { name: title, lines: [...flow].map(([line, share]) => [line, single ? 5 : 2 + 13 * Math.sqrt(share)]) };
  }

  /* the popup of a line: every arc on it, with its parts and their sources */
  function describe(index) {
    const line = map.lines[index], run = present(state.way !== "before" && after() ? after() : before());
    const box = make("div", {}, make("h3", {}, line.name));
    const track = line.gauge ? `, track of ${line.gauge} mm` : "";
    box.append(make("p", {}, `${line.mode}, ${number(line.km)} km${track}`));
    const found = [...run.present].filter((row) => arcs[row][4] === index);
    for (const row of found.slice(0, 6)) {
      const [, , from, to, , title, , co2, amounts] = arcs[row];
      let usd = 0, hours = 0;
      const cited = new Set(), grades = new Set();
      const told = [];
      for (const part of amounts) {
        const [component, isHours, amount, grade, sources] = parts[part];
        if (isHours) hours += amount;
        else usd += amount;
        told.push(`${components[component]} ${isHours ? number(amount, 1) + " h" : number(amount) + " USD"}`);
        grades.add(grade);
        sources.forEach((source) => cited.add(source));
      }
      const head = make("strong", {}, `${name(from)} → ${name(to)}`);
      box.append(make("p", {}, head, line.mode === "sea" ? `, ${labels[title]}` : "", make("br"), `${number(usd)} USD · ${number(hours, 1)} h · ${number(co2)} kg CO2e`));
      if (told.length > 1) box.append(make("p", { class: "small" }, told.join(", ")));
      box.append(make("p", { class: "small" }, `Grade ${[...grades].sort().join(", ")}; sources `, ...links(cited)));
    }
    if (found.length > 6) box.append(make("p", { class: "small" }, `and ${found.length - 6} more services`));
    if (!found.length) box.append(make("p", {}, "not there in this run"));
    return box;
  }

  function links(cited) {
    return [...cited].flatMap((source, index) => {
      const row = map.sources[source];
      return [index ? ", " : "", make("a", { href: `#source-${row.id}`, title: row.title || "" }, row.id)];
    });
  }

  /* drawing what is chosen */
  const view = window.corridorMap($("map"), map, {
    label: $("map").dataset.label,
    describe,
    onNode: (node, x, y) => {
      const origin = study.origins.indexOf(node);
      if (origin >= 0) choose({ origin });
      const row = map.nodes[node];
      view.popup(x, y, make("div", {}, make("h3", {}, row.name), make("p", {}, [...new Set(row.names)].join(" · ")), make("p", {}, `${row.type.replace("_", " ")}, ${row.country}${row.people ? `, ${number(row.people)} people` : ""}`)));
    },
  });

  function update(zoomed) {
    const old = before(), now = after();
    const layers = [];
    if (state.way !== "after" || !now) layers.push(layer(old, "before"));
    if (state.way !== "before" && now) layers.push(layer(now, "after"));
    if (layers.length === 2) layers[0].lines = layers[0].lines.map(([line, width]) => [line, width + 6]);
    view.show(present(state.way === "before" || !now ? old : now).lines);
    const routes = [old, now].filter(Boolean).flatMap((run) => chosenOrigins(run).map((index) => run.routes[index]));
    const ends = [study.focus, ...(state.origin < 0 ? [] : [study.origins[state.origin]])];
    view.mark({ ends, names: [...new Set(routes.map((route) => route.gateway).filter((gate) => gate !== null)), ...(state.origin < 0 ? study.origins : [])] });
    view.overlay(layers);
    if (zoomed) {
      const lines = [...new Set(routes.flatMap((route) => route.arcs.map((row) => arcs[row][4])).filter((line) => line >= 0))];
      view.fit(lines);
    }
    answer(old, now);
    steps(old, now);
  }

  const MEASURES = [["US dollars a box", "usd", 0, 1], ["days", "hours", 1, 24], ["kg CO2e", "co2", 0, 1], ["generalised cost, USD", "generalised", 0, 1], ["km", "km", 0, 1]];

  function mean(run, key) {
    let sum = 0, weight = 0;
    for (const index of chosenOrigins(run)) {
      const share = state.origin < 0 ? study.weights[index] : 1;
      sum += share * run.routes[index][key];
      weight += share;
    }
    return weight ? sum / weight : null;
  }

  function gates(run) {
    const shares = new Map();
    let all = 0;
    for (const index of chosenOrigins(run)) {
      const gate = name(run.routes[index].gateway), share = state.origin < 0 ? study.weights[index] : 1;
      shares.set(gate, (shares.get(gate) || 0) + share);
      all += share;
    }
    if (!all) return "no route";
    const sorted = [...shares].sort((a, b) => b[1] - a[1]);
    return sorted.map(([gate, share]) => (sorted.length > 1 ? `${gate} ${number((100 * share) / all)} %` : gate)).join(", ");
  }

  function answer(old, now) {
    const who = state.origin < 0 ? "All origins, mean weighted by trade" : name(study.origins[state.origin]);
    const body = make("tbody", {});
    for (const [title, key, digits, unit] of MEASURES) {
      const a = mean(old, key), b = now ? mean(now, key) : null;
      body.append(make("tr", {}, make("th", { scope: "row" }, title), make("td", { class: "n" }, a === null ? "–" : number(a / unit, digits)), ...(now ? [make("td", { class: "n" }, b === null ? "–" : number(b / unit, digits)), make("td", { class: "n" }, a === null || b === null ? "–" : signed((b - a) / unit, digits))] : [])));
    }
    body.append(make("tr", {}, make("th", { scope: "row" }, "gateway"), make("td", {}, gates(old)), ...(now ? [make("td", {}, gates(now)), make("td", {}, gates(old) === gates(now) ? "same" : "changed")] : [])));
    const heads = ["", old.baseline, ...(now ? [now.scenario, "change"] : [])];
    const table = make("table", {}, make("caption", {}, `${who} to ${name(study.focus)}`), make("thead", {}, make("tr", {}, ...heads.map((head) => (head ? make("th", { scope: "col" }, head) : make("td", {}))))), body);
    $("answer").replaceChildren(table);
  }

  const KINDS = { terminal: "terminal", crossing: "border", board: "boarding", sail: "ship", charter: "ship on demand" };

  function steps(old, now) {
    const place = $("steps");
    if (state.origin < 0) return place.replaceChildren(make("p", { class: "small" }, "Choose one origin to see its way step by step."));
    const ways = [[old, "before"], ...(now ? [[now, "after"]] : [])].map(([run, title]) => [title, run.routes[state.origin] ? run.routes[state.origin].arcs : []]);
    const [was, is] = [new Set(ways[0][1]), new Set(now ? ways[1][1] : ways[0][1])];
    const body = make("tbody", {});
    for (const [title, rows] of ways) {
      for (const row of rows) {
        if (title === "after" && was.has(row)) continue;
        const [kind, mode, from, to, , label, km, co2, amounts] = arcs[row];
        let usd = 0, hours = 0, grade = "A";
        const cited = new Set();
        for (const part of amounts) {
          const [, isHours, amount, mark, sources] = parts[part];
          if (isHours) hours += amount;
          else usd += amount;
          if (mark > grade) grade = mark;
          sources.forEach((source) => cited.add(source));
        }
        const way = !now ? "" : title === "after" ? "taken" : is.has(row) ? "kept" : "left";
        const what = kind === "haul" ? `${mode}, ${name(from)} – ${name(to)}` : kind === "terminal" ? `${name(from)}: ${labels[label]}` : `${KINDS[kind]}: ${labels[label]}`;
        body.append(make("tr", { class: way }, ...(now ? [make("td", {}, way)] : []), make("th", { scope: "row" }, what), make("td", { class: "n" }, km ? number(km) : ""), make("td", { class: "n" }, number(usd)), make("td", { class: "n" }, number(hours, 1)), make("td", { class: "n" }, co2 ? number(co2) : ""), make("td", {}, grade), make("td", { class: "small" }, ...links(cited))));
      }
    }
    const heads = [...(now ? ["way"] : []), "step", "km", "USD", "hours", "kg CO2e", "grade", "sources"];
    const table = make("table", { class: "steps" }, make("caption", {}, `${name(study.origins[state.origin])} to ${name(study.focus)}, step by step${now ? ": left, kept and taken" : ""}`), make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))), body);
    place.replaceChildren(make("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Steps" }, table));
  }

  /* the controls */
  function option(value, text) {
    return make("option", { value }, text);
  }

  function choose(change) {
    const zoomed = "origin" in change || "baseline" in change;
    Object.assign(state, change);
    if (!after() && state.scenario) state.scenario = "";
    $("baseline").value = state.baseline;
    $("scenario").value = state.scenario;
    $("origin").value = state.origin;
    for (const input of document.querySelectorAll("input[name=way]")) {
      input.checked = input.value === (after() ? state.way : "before");
      input.disabled = !after() && input.value !== "before";
    }
    update(zoomed);
  }

  const bases = runs.filter((run) => !run.scenario);
  $("baseline").append(...bases.map((run) => option(run.baseline, `${run.baseline}, prices of ${run.prices}`)));
  const names = [...new Set(runs.filter((run) => run.scenario).map((run) => run.scenario))];
  $("scenario").append(option("", "none"), ...names.map((scenario) => option(scenario, scenario)));
  $("origin").append(option(-1, "all origins, by trade"), ...study.origins.map((node, index) => option(index, name(node))));
  $("baseline").addEventListener("change", (event) => choose({ baseline: event.target.value }));
  $("scenario").addEventListener("change", (event) => choose({ scenario: event.target.value }));
  $("origin").addEventListener("change", (event) => choose({ origin: Number(event.target.value) }));
  for (const input of document.querySelectorAll("input[name=way]")) input.addEventListener("change", () => choose({ way: input.value }));

  /* tables: buttons in them choose what the map shows; their columns sort */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-show]");
    if (!button) return;
    const wanted = JSON.parse(button.dataset.show);
    choose({ ...wanted, way: "both" });
    $("map").scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  });

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => {
      const button = make("button", { type: "button", class: "sort" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const value = (row) => {
          const cell = row.cells[column];
          return cell.dataset.v === undefined ? cell.textContent.trim() : cell.dataset.v === "" ? null : Number(cell.dataset.v);
        };
        const order = (a, b) => {
          const [x, y] = [value(a), value(b)];
          if (x === null || y === null) return (x === null) - (y === null) || 0;
          return (up ? 1 : -1) * (typeof x === "number" ? x - y : x.localeCompare(y, "en"));
        };
        table.tBodies[0].append(...[...table.tBodies[0].rows].sort(order));
      });
    });
  }

  /* paper shows what is folded away */
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open]):not(.screen)")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });

  choose(JSON.parse($("data").dataset.start || "{}"));
  update(true);
  window.corridorReport = { state, view, choose };
})();
