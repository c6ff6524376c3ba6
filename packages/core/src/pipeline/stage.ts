import type { Tensor } from '@tensorflow/tfjs-core';

import { callSync, type Bound } from '../plugin/bound.js';
import type { Fitted } from '../plugin/contract.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import type { NdArrays } from '../tensor/nd-array.js';
import { addScope, takeScope } from '../training/scope.js';

/** A step of a program: a matrix `[N, D]` in, a matrix `[N, E]` or `[N]` out. */
export interface Stage {
  readonly constants: NdArrays;
  apply(constants: NamedTensors, x: Tensor): Tensor;
}

type EstimatorKind = 'transform' | 'detector' | 'calibrator';

/** What a fitted component does. @throws RangeError if it was not fitted */
export function estimatorStage(bound: Bound<EstimatorKind>, fitted: Fitted | undefined): Stage {
  if (!fitted) throw new RangeError(`the ${bound.kind} ${bound.component.name} must be fitted before it is applied`);
  const { options, component } = bound;
  return {
    constants: fitted.tensors,
    apply: (tensors, x) => callSync(bound, 'apply', () => component.apply({ tensors, json: fitted.json, options }, x)),
  };
}

/** One stage after another. */
export function chain(stages: readonly Stage[]): Stage {
  const names = stages.map((_, i) => String(i));
  return {
    constants: scopedConstants(Object.fromEntries(stages.map((stage, i) => [names[i] as string, stage]))),
    apply: (constants, x) =>
      stages.reduce((value, stage, i) => stage.apply(takeScope(names[i] as string, constants), value), x),
  };
}

/** The constants of several stages under their names. */
export function scopedConstants(stages: Readonly<Record<string, Pick<Stage, 'constants'>>>): NdArrays {
  return Object.assign(
    {},
    ...Object.entries(stages).map(([name, { constants }]) => addScope(name, constants)),
  ) as NdArrays;
}
