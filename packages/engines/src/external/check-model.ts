import { checkGraph, type Totals } from './check-graph.js';
import { IR_VERSIONS, LIMITS, OPSETS } from './limits.js';
import { Flaw } from './model-error.js';
import type { FileTensor, FileValue, OnnxFile } from './onnx-file.js';
import { OPERATORS, plainDomain } from './operators.js';

export interface CheckedModel {
  /** What must be fed. */
  readonly inputs: readonly FileValue[];
  readonly outputs: readonly FileValue[];
  /** Tensors whose values lie in other files, with the bytes that each needs. */
  readonly external: readonly { readonly tensor: FileTensor; readonly bytes: number }[];
}

/**
 * Checks what can be told of a model without running it: versions, operators, edges, and tensors against their bytes.
 * @throws Flaw
 */
export function checkModel(file: OnnxFile): CheckedModel {
  checkVersions(file);
  const { graph } = file;
  if (!graph) throw new Flaw('hold a graph', 'it holds none');
  if (file.functions > 0) {
    throw new Flaw(
      'use operators alone',
      `it defines ${file.functions} functions of its own`,
      'Inline the functions when the model is exported.',
    );
  }
  if (file.trainingGraphs > 0) throw new Flaw('be made for inference', 'it holds graphs for training');

  const totals: Totals = { bytes: 0, external: [] };
  const domains = new Set(file.opsets.map(({ domain }) => plainDomain(domain)));
  checkGraph(graph, { domains, totals, outer: new Set(), where: 'the graph' });
  if (totals.bytes > LIMITS.totalBytes) {
    throw new Flaw(`hold at most ${LIMITS.totalBytes} bytes of tensors`, `it holds ${totals.bytes}`);
  }
  // Before IR version 4, initializers are inputs too: those need not be fed.
  const given = new Set(graph.initializers.map(({ name }) => name));
  return {
    inputs: graph.inputs.filter(({ name }) => !given.has(name)),
    outputs: graph.outputs,
    external: totals.external,
  };
}

function checkVersions({ irVersion, opsets }: OnnxFile): void {
  if (irVersion < IR_VERSIONS.from || irVersion > IR_VERSIONS.to) {
    throw new Flaw(
      `be of the format's versions ${IR_VERSIONS.from} to ${IR_VERSIONS.to}`,
      `it is of version ${irVersion}`,
    );
  }
  const seen = new Set<string>();
  for (const { domain: name, version } of opsets) {
    const domain = plainDomain(name);
    if (seen.has(domain)) throw new Flaw('import each domain of operators once', `it imports "${domain}" again`);
    seen.add(domain);
    if (domain === '' && (version < OPSETS.from || version > OPSETS.to)) {
      throw new Flaw(
        `use the standard operators in a version from ${OPSETS.from} to ${OPSETS.to}`,
        `it uses version ${version}`,
        'Export it with another opset version.',
      );
    }
    // Converters import domains that they do not use.
    if (domain !== '' && OPERATORS.has(domain) && version !== 1) {
      throw new Flaw(`use the operators of ${domain} in version 1`, `it uses version ${version}`);
    }
  }
  if (!seen.has('')) throw new Flaw('say which version of the standard operators it uses', 'it does not');
}
