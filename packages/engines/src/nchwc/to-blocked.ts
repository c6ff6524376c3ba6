import { countUses, staticValues } from '../onnx/dependencies.js';
import { graphOf, type Graph } from '../onnx/graph.js';

import { fuseBias, fuseRelu, rewriteConv } from './conv.js';
import { rewriteElementwise } from './elementwise.js';
import { Forms } from './forms.js';
import type { BlockSize } from './layout.js';
import type { Pass, Rule } from './pass.js';
import { rewritePool } from './pool.js';
import { GRADIENT, prepare } from './prepare.js';
import { writeGradient } from './write-gradient.js';
import { rewriteReduce } from './reduce.js';
import { rewriteTranspose } from './transpose.js';

/** By operator; the first that applies writes the node. Operators on elements are tried after these. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  Conv: [rewriteConv],
  Add: [fuseBias],
  Relu: [fuseRelu],
  MaxPool: [rewritePool],
  AveragePool: [rewritePool],
  Transpose: [rewriteTranspose],
  ReduceSum: [rewriteReduce],
  ReduceMean: [rewriteReduce],
  [GRADIENT]: [writeGradient],
};

/**
 * The same graph with its convolutions by changing filters, and what lies between them, in blocks of channels (NCHWc), which
 * onnxruntime computes several times faster: it does this itself to constant filters only. Images are reordered where
 * they enter such a region and where something outside of it reads them (Georganas et al. 2018, arXiv:1808.05567, on the layout).
 * The graph runs only where `probeBlockSize` found this block size.
 */
export function toBlocked(recorded: Graph, block: BlockSize): Graph {
  const { graph, gradients } = prepare(recorded, block);
  const constants = staticValues(graph);
  const uses = countUses(graph);
  const forms = new Forms(block);
  const pass: Pass = { forms, constants, gradients, convs: new Map(), onlyUse: (value) => uses.get(value) === 1 };
  for (const value of graph.inputs) {
    if (value.source.kind === 'input')
      forms.setPlain(value, forms.emit.input(value.source.name, value.type, value.shape));
  }
  for (const value of graph.constants) {
    if (value.source.kind !== 'constant') continue;
    forms.setPlain(value, forms.emit.constant(value.source.constant, value.type, value.shape));
  }
  for (const node of graph.nodes) {
    const rules = node.domain ? [] : [...(RULES[node.op] ?? []), rewriteElementwise];
    if (rules.some((rule) => rule(node, pass))) continue;
    const copies = forms.copy(node);
    node.outputs.forEach((output, i) => copies[i] && forms.setPlain(output, copies[i]));
  }
  return graphOf(
    graph.name,
    graph.outputs.map(({ name, value }) => ({ name, value: forms.plain(value) })),
  );
}

/** True if a convolution's filter changes from run to run: others gain nothing here. */
export function hasTrainableConvs(graph: Graph): boolean {
  const constants = staticValues(graph);
  return graph.nodes.some(
    ({ op, domain, inputs: [, filter] }) => op === 'Conv' && !domain && filter && !constants.has(filter),
  );
}
