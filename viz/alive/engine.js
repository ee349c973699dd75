const forward = (graph, leaves) => {
  const values = new Float64Array(leaves.length);
  graph.calls.forEach((call, i) => {
    values[i] = call < 0 ? leaves[i]
      : graph.functions[call].f(...graph.operands[i].map(j => values[j]));
  });
  return values;
};
// What node i sends to its operand number k; null where the rule says that nothing is sent.
const slope = (graph, values, i, k) => {
  const rule = graph.functions[graph.calls[i]];
  const x = graph.operands[i].map(j => values[j]);
  if (!(k in rule.d) || (rule.s[k] && !rule.s[k](values[i], ...x))) return null;
  return rule.d[k](values[i], ...x);
};
const backward = (graph, values) => {
  const gradients = new Float64Array(values.length), reached = new Uint8Array(values.length);
  const last = values.length - 1;
  gradients[last] = reached[last] = 1;
  for (let i = last; i >= 0; i--) {
    if (graph.calls[i] < 0 || !reached[i]) continue;
    graph.operands[i].forEach((j, k) => {
      const local = slope(graph, values, i, k);
      if (local === null) return;
      gradients[j] += gradients[i] * local;
      reached[j] = 1;
    });
  }
  return gradients;
};
