import path from 'node:path';

import { PLAN } from '../container/tokens.js';
import { KindredError } from '../errors/kindred-error.js';
import { evaluatePipeline } from '../pipeline/evaluate.js';
import { bind } from '../plugin/bound.js';

import { openBundle } from './open-bundle.js';
import type { EvaluateResult, Host } from './types.js';
import { withScope } from './with-scope.js';

export interface EvaluateOptions {
  /** The path of another dataset of the same form, measured as a whole; else the test part of the bundle's own. */
  readonly data?: string;
}

/** @throws KINDRED_BUNDLE_*, KINDRED_DATA_* */
export async function evaluate(folder: string, { data }: EvaluateOptions, host: Host): Promise<EvaluateResult> {
  const { bundle, scope } = await openBundle(folder, host);
  return withScope(scope, host, () => {
    if (data === undefined) return evaluatePipeline(scope, bundle.state);
    const { dataset, registry } = scope.resolve(PLAN);
    if (!('path' in dataset.reference)) {
      throw new KindredError('KINDRED_USAGE', {
        message: `Another dataset can only be given for datasets with a path. The dataset ${dataset.component.name} has none.`,
        received: data,
      });
    }
    const other = bind(registry, 'dataset', { ...dataset.reference, path: path.resolve(data) });
    return evaluatePipeline(scope, bundle.state, other);
  });
}
