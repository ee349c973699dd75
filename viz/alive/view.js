// What is seen: the drawing, its numbers, and what can be done with them.
document.documentElement.classList.add("js");
const $ = id => document.getElementById(id);
const make = (tag, attributes = {}, ...inside) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
};
const svg = document.querySelector(".graph svg"), scope = svg.id;
const cards = page.cards.map(card => {
  const group = $(`${scope}-${card.id}`);
  return {
    ...card, group,
    value: group.querySelector("tspan.forward"),
    gradient: group.querySelector("tspan.backward"),
    title: group.querySelector("title"),
  };
});
const labels = [...svg.querySelectorAll("g.label")];
const wires = page.wires.map((wire, i) => {
  const label = wire.label < 0 ? null : labels[wire.label];
  const lines = label ? [...label.querySelectorAll("tspan")] : [];
  return {
    ...wire, label, group: $(`${scope}-e${i}`),
    local: lines.find(line => !line.classList.contains("backward")),
    flow: lines.find(line => line.classList.contains("backward")),
  };
});
const named = new Map(cards.map(card => [card.node, card.name]));
const leaves = cards.filter(card => card.leaf);
const start = Float64Array.from(graph.leaves), now = Float64Array.from(start);
const result = page.result;
let values = forward(graph, now), gradients = backward(graph, values);
let chosen = leaves.find(card => card.role === "parameter") || leaves[0], step = page.steps.length, timer = 0;

const put = (element, text, hot) => {
  if (!element || element.textContent === text) return;
  element.textContent = text;
  if (!hot) return;
  element.classList.remove("hot");
  void element.getBoundingClientRect();
  element.classList.add("hot");
};

// The steps of both passes, of which the first `step` have been done.
const done = () => {
  const forwards = new Set(), wiresDone = new Set();
  page.steps.slice(0, step).forEach(([kind, i]) => (kind ? wiresDone : forwards).add(i));
  return { forwards, wiresDone };
};
const show = hot => {
  const all = step === page.steps.length, { forwards, wiresDone } = done();
  const partial = all ? gradients : sofar(wiresDone);
  for (const card of cards) {
    const seen = all || card.leaf || forwards.has(card.node);
    put(card.value, seen ? number(values[card.node]) : "—", hot);
    const known = all || partial.reached.has(card.node);
    const gradient = all ? gradients[card.node] : partial.sums[card.node];
    put(card.gradient, known ? number(gradient) : "—", hot);
    card.group.classList.toggle("todo", !seen);
    const said = `${card.name}, ${card.role}, value ${card.value.textContent}` +
      (card.gradient ? `, gradient ${card.gradient.textContent}` : "");
    card.group.setAttribute("aria-label", said);
    put(card.title, said);
  }
  wires.forEach((wire, i) => {
    const local = slope(graph, values, wire.target, wire.position);
    const seen = all || wiresDone.has(i);
    wire.group.classList.toggle("nobw", !seen);
    if (wire.label) wire.label.classList.toggle("todo", !seen);
    wire.group.classList.toggle("still", seen && (local === null || gradients[wire.target] * local === 0));
    if (local === null) {
      put(wire.local, wire.prefix + " = 0", hot);
      put(wire.flow, "nothing is sent", hot);
      return;
    }
    put(wire.local, `${wire.prefix} = ${number(local)}`, hot);
    const g = gradients[wire.target];
    const product = `${number(g)} × ${factor(local)} = ${number(g * local)}`;
    put(wire.flow, product.length > page.longest ? `= ${number(g * local)}` : product, hot);
  });
  told();
  $("step").value = step;
  $("count").textContent = all ? "both passes" : `step ${step} of ${page.steps.length}`;
  for (const row of document.querySelectorAll(".leaf")) {
    const i = Number(row.dataset.node);
    row.querySelector("input[type=range]").value = now[i];
    const field = row.querySelector("input[type=number]");
    if (document.activeElement !== field) field.value = String(now[i]);
    row.classList.toggle("chosen", i === chosen.node);
  }
  explain();
};

// What has arrived where only some wires have carried their gradient back.
const sofar = carried => {
  const sums = new Float64Array(values.length), reached = new Set();
  const all = page.steps.slice(0, step).some(([kind]) => kind) || step >= page.forwards;
  if (all) { sums[result] = 1; reached.add(result); }
  wires.forEach((wire, i) => {
    if (!carried.has(i)) return;
    const local = slope(graph, values, wire.target, wire.position);
    if (local === null) return;
    sums[wire.source] += gradients[wire.target] * local;
    reached.add(wire.source);
  });
  return { sums, reached };
};

const told = () => {
  for (const old of svg.querySelectorAll(".now")) old.classList.remove("now");
  if (step === page.steps.length || step === 0) {
    $("say").textContent = step ? page.ready : "The leaves are given. Nothing is computed yet.";
    return;
  }
  const [kind, i] = page.steps[step - 1];
  if (!kind) {
    const card = cards.find(c => c.node === i);
    card.group.classList.add("now");
    $("say").textContent = `${card.name} ${card.formula} = ${number(values[i])}`;
    return;
  }
  const wire = wires[i], local = slope(graph, values, wire.target, wire.position);
  wire.group.classList.add("now");
  const [from, to] = [named.get(wire.target), named.get(wire.source)];
  const what = wire.prefix.split(" = "), g = gradients[wire.target];
  $("say").textContent = local === null
    ? `${from} sends nothing back to ${to}: its rule says so here.`
    : `${from} sends ∂${page.name}/∂${from} × ${what[0]} = ${number(g)} × ${factor(local)} = ` +
      `${number(g * local)} back to ${to}${what.length > 1 ? `; ${wire.prefix}` : ""}.`;
};

const set = (node, x) => {
  now[node] = x;
  values = forward(graph, now);
  gradients = backward(graph, values);
  show(true);
};

// The result for other numbers of the chosen leaf.
const at = x => {
  const other = Float64Array.from(now);
  other[chosen.node] = x;
  return forward(graph, other)[result];
};

const explain = () => {
  const x = now[chosen.node], g = gradients[chosen.node], what = `∂${page.name}/∂${chosen.name}`;
  $("what").textContent = `${what} = `;
  put($("slope"), number(g), true);
  $("exact").textContent = String(g).replace("-", "−");
  const h = 1e-5 * Math.max(1, Math.abs(x)), difference = (at(x + h) - at(x - h)) / (2 * h);
  $("difference").textContent = String(difference).replace("-", "−");
  const off = Math.abs(difference - g);
  $("off").textContent = off === 0 ? "equal" : `off by ${number(off, 2)}`;
  paths();
  plot(x, g);
};

// The nodes that a leaf has a part in.
const touched = leaf => {
  const found = new Set([leaf]);
  graph.operands.forEach((operands, i) => { if (operands.some(j => found.has(j))) found.add(i); });
  return found;
};
const MOST_PATHS = 12;
const paths = () => {
  const near = touched(chosen.node);
  const ways = [], list = $("paths");
  list.replaceChildren();
  const walk = (node, way) => {
    if (ways.length > MOST_PATHS) return;
    if (node === chosen.node) { ways.push(way); return; }
    wires.forEach(wire => {
      if (wire.target === node && near.has(wire.source)) {
        walk(wire.source, [...way, wire]);
      }
    });
  };
  walk(result, []);
  if (ways.length > MOST_PATHS || !ways.length) {
    $("sum").textContent = "";
    $("lead").textContent = ways.length
      ? `More than ${MOST_PATHS} paths lead from ${page.name} to ${chosen.name}; their products add up.`
      : `No path leads from ${page.name} to ${chosen.name}.`;
    return;
  }
  const products = ways.map(way => way.reduce((product, wire) => {
    const local = slope(graph, values, wire.target, wire.position);
    return product * (local === null ? 0 : local);
  }, 1));
  ways.forEach((way, i) => {
    const locals = way.map(wire => slope(graph, values, wire.target, wire.position) ?? 0);
    const names = [page.name, ...way.map(wire => named.get(wire.source))].join(" → ");
    const row = make("li", {}, make("span", { class: "way" }, names), make("span", { class: "prod" },
      locals.map((local, k) => k ? factor(local) : number(local)).join(" × ") + " = ",
      make("b", { class: "g" }, number(products[i]))));
    row.addEventListener("pointerenter", () => way.forEach(w => w.group.classList.add("lit")));
    row.addEventListener("pointerleave", () => way.forEach(w => w.group.classList.remove("lit")));
    list.append(row);
  });
  const total = products.reduce((a, b) => a + b, 0);
  $("lead").textContent = ways.length === 1 ? "One path leads there; its local derivatives multiply."
    : `${ways.length} paths lead there; along each the local derivatives multiply, and the products add up.`;
  $("sum").textContent = ways.length === 1 ? "" :
    `${products.map((p, i) => i ? factor(p) : number(p)).join(" + ")} = ${number(total)}`;
};

const plot = (x, g) => {
  const [low, high] = spans.get(chosen.node), width = 400, height = 220, points = [];
  for (let i = 0; i <= 160; i++) {
    const t = low + (high - low) * i / 160, y = at(t);
    if (Number.isFinite(y)) points.push([t, y]);
  }
  let bottom = Math.min(...points.map(p => p[1]), values[result]);
  let top = Math.max(...points.map(p => p[1]), values[result]);
  if (!(top > bottom)) [bottom, top] = [bottom - 1, top + 1];
  const room = 0.08 * (top - bottom);
  bottom -= room; top += room;
  const X = t => 50 + (t - low) / (high - low) * (width - 60);
  const Y = y => 10 + (top - y) / (top - bottom) * (height - 40);
  $("curve").setAttribute("d", points.map((p, i) => `${i ? "L" : "M"}${X(p[0]).toFixed(1)},${Y(p[1]).toFixed(1)}`).join(""));
  const y = values[result];
  // The tangent, as far as it stays in the picture.
  const reach = Math.min((high - low) / 4, g ? (top - bottom) / 3 / Math.abs(g) : Infinity);
  $("tangent").setAttribute("d", Number.isFinite(g)
    ? `M${X(x - reach).toFixed(1)},${Y(y - g * reach).toFixed(1)}L${X(x + reach).toFixed(1)},${Y(y + g * reach).toFixed(1)}` : "M0,0");
  $("dot").setAttribute("cx", X(x).toFixed(1));
  $("dot").setAttribute("cy", Y(y).toFixed(1));
  put($("low"), number(low, 3)); put($("high"), number(high, 3));
  const least = bottom + room, tiny = Math.abs(least) < 1e-3 * (top - bottom);
  put($("top"), number(top - room, 3)); put($("bottom"), number(tiny ? 0 : least, 3));
  put($("axis"), chosen.name);
  $("plotted").textContent = `${page.name} against ${chosen.name}, all else held; the tangent has the slope ${number(g)}`;
};

const choose = card => { chosen = card; show(false); };
const spans = new Map(leaves.map(card => {
  const x = start[card.node], size = 2 * Math.max(1, Math.abs(x));
  return [card.node, Number.isFinite(x) ? [x - size, x + size] : [-2, 2]];
}));
const clamp = (x, [low, high]) => Math.min(high, Math.max(low, x));
const neat = x => Number(x.toPrecision(12));

for (const card of leaves) {
  const [low, high] = spans.get(card.node), id = `leaf-${card.node}`;
  const range = make("input", { type: "range", min: low, max: high, step: "any", "aria-label": `${card.name}, slider`, id });
  const field = make("input", { type: "number", step: "any", "aria-label": `${card.name}, number` });
  const name = make("button", { type: "button", class: "name" }, card.name);
  name.addEventListener("click", () => choose(card));
  range.addEventListener("input", () => { chosen = card; set(card.node, neat(Number(range.value))); });
  field.addEventListener("input", () => {
    if (field.value !== "" && Number.isFinite(Number(field.value))) { chosen = card; set(card.node, Number(field.value)); }
  });
  $("leaves").append(make("div", { class: "leaf", "data-node": card.node }, name, range, field));
  card.group.classList.add("draggable");
  let from = null;
  card.group.addEventListener("pointerdown", event => {
    from = [event.clientX, now[card.node]];
    card.group.setPointerCapture(event.pointerId);
    choose(card);
  });
  card.group.addEventListener("pointermove", event => {
    if (!from) return;
    const x = from[1] + (event.clientX - from[0]) / 200 * (high - low) / 2;
    set(card.node, neat(clamp(x, [low, high])));
  });
  for (const end of ["pointerup", "pointercancel"]) card.group.addEventListener(end, () => { from = null; });
  card.group.addEventListener("keydown", event => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    chosen = card;
    set(card.node, neat(clamp(now[card.node] + way * (high - low) / (event.shiftKey ? 2000 : 200), [low, high])));
  });
  card.group.addEventListener("focus", () => choose(card));
}
$("again").addEventListener("click", () => { now.set(start); set(chosen.node, start[chosen.node]); });

// One step at a time.
const go = (to, keep) => {
  if (!keep) halt();
  step = Math.max(0, Math.min(page.steps.length, to));
  if (location.hash !== `#step=${step}`) history.replaceState(null, "", step < page.steps.length ? `#step=${step}` : location.pathname);
  show(false);
};
const halt = () => { clearInterval(timer); timer = 0; $("play").textContent = "play"; };
$("prev").addEventListener("click", () => go(step - 1));
$("next").addEventListener("click", () => go(step + 1));
$("all").addEventListener("click", () => go(page.steps.length));
$("step").addEventListener("input", () => go(Number($("step").value)));
$("play").addEventListener("click", () => {
  if (timer) { halt(); return; }
  if (step === page.steps.length) go(0);
  $("play").textContent = "pause";
  timer = setInterval(() => { go(step + 1, true); if (step === page.steps.length) halt(); }, 900);
});
const follow = () => {
  const found = /step=(\d+)/.exec(location.hash);
  if (found) go(Number(found[1]));
};
addEventListener("hashchange", follow);

// What belongs together is seen together.
for (const line of document.querySelectorAll(".code li[data-nodes]")) {
  const groups = line.dataset.nodes.split(" ").map(i => cards.find(c => c.node === Number(i))?.group).filter(Boolean);
  line.addEventListener("pointerenter", () => groups.forEach(g => g.classList.add("lit")));
  line.addEventListener("pointerleave", () => groups.forEach(g => g.classList.remove("lit")));
}
for (const card of cards) {
  const line = document.querySelector(`.code li[data-nodes~="${card.node}"]`);
  if (!line) continue;
  card.group.addEventListener("pointerenter", () => line.classList.add("lit"));
  card.group.addEventListener("pointerleave", () => line.classList.remove("lit"));
}
if (leaves.length) show(false);
follow();
