import type { Tensor } from '@tensorflow/tfjs-core';

import { call, callSync, type Bound } from '../plugin/bound.js';
import type { BackboneModel, ComponentsContext, Fitted, HeadModel } from '../plugin/contract.js';
import type { NamedTensors, Program } from '../plugin/engine-contract.js';
import type { NdArrays } from '../tensor/nd-array.js';
import { inferenceMode } from '../training/mode.js';
import { addScope, takeScope } from '../training/scope.js';

import type { BranchPlan } from './plan.js';
import type { BranchState } from './state.js';

/** Features `[N, D]` to scores, as part of a program: `[N, L]` probabilities of a head, `[N]` scores of a detector. */
export interface Stage {
  readonly constants: NdArrays;
  apply(constants: NamedTensors, x: Tensor): Tensor;
}

/** The stages of a branch one after another: transforms, then head or detector, then calibrator. */
export async function branchStage(branch: BranchPlan, state: BranchState, ctx: ComponentsContext): Promise<Stage> {
  const stages = branch.transforms.map((bound, i) => estimatorStage(bound, state.transforms[i]));
  if (branch.head && state.head) {
    const model = await headModel(branch, state.head.spec, ctx);
    stages.push(headStage(model, state.head.weights));
  }
  for (const slot of ['detector', 'calibrator'] as const) {
    const bound = branch[slot];
    if (bound) stages.push(estimatorStage(bound, state[slot]));
  }
  return chain(stages);
}

/** The first of the branch's transforms: those that are fitted. */
export function transformsStage(branch: BranchPlan, fitted: readonly Fitted[]): Stage {
  return chain(fitted.map((state, i) => estimatorStage(branch.transforms[i] as Bound<'transform'>, state)));
}

export function headStage(model: HeadModel, weights: NdArrays): Stage {
  return {
    constants: weights,
    apply: (constants, x) => model.probabilities(model.network.forward(constants, x, inferenceMode)),
  };
}

/** The head of a branch for what `spec` says of its data. */
export function headModel(
  branch: BranchPlan,
  spec: Parameters<NonNullable<BranchPlan['head']>['component']['create']>[1],
  ctx: ComponentsContext,
): Promise<HeadModel> {
  const bound = branch.head;
  if (!bound) throw new RangeError(`the branch ${branch.name} has no head`);
  return call(bound, 'create', (component, options) => component.create(options, spec, ctx));
}

/** `images` uint8 `[B, H, W, C]` in, `features` float32 `[B, D]` out. */
export function backboneProgram(model: BackboneModel, weights: NdArrays): Program {
  return {
    name: 'backbone',
    constants: weights,
    run: ({ inputs, constants }) => ({
      features: model.network.forward(constants, inputs['images'] as Tensor, inferenceMode),
    }),
  };
}

/** `features` `[N, D]` in, one output for each stage under its name. */
export function stagesProgram(name: string, stages: Readonly<Record<string, Stage>>): Program {
  return {
    name,
    constants: scopedConstants(stages),
    run: ({ inputs, constants }) => applyStages(stages, constants, inputs['features'] as Tensor),
  };
}

/** The whole pipeline: `images` uint8 `[B, H, W, C]` in, one output for each branch. */
export function pipelineProgram(
  model: BackboneModel,
  weights: NdArrays,
  stages: Readonly<Record<string, Stage>>,
): Program {
  return {
    name: 'pipeline',
    constants: { ...addScope('backbone', weights), ...addScope('branches', scopedConstants(stages)) },
    run({ inputs, constants }) {
      const backbone = takeScope('backbone', constants);
      const features = model.network.forward(backbone, inputs['images'] as Tensor, inferenceMode);
      return applyStages(stages, takeScope('branches', constants), features);
    },
  };
}

function scopedConstants(stages: Readonly<Record<string, Stage>>): NdArrays {
  return Object.assign(
    {},
    ...Object.entries(stages).map(([name, { constants }]) => addScope(name, constants)),
  ) as NdArrays;
}

function applyStages(stages: Readonly<Record<string, Stage>>, constants: NamedTensors, x: Tensor): NamedTensors {
  return Object.fromEntries(
    Object.entries(stages).map(([name, stage]) => [name, stage.apply(takeScope(name, constants), x)]),
  );
}

type EstimatorKind = 'transform' | 'detector' | 'calibrator';

function estimatorStage(bound: Bound<EstimatorKind>, fitted: Fitted | undefined): Stage {
  if (!fitted) throw new RangeError(`the ${bound.kind} ${bound.component.name} must be fitted before it is applied`);
  const { options, component } = bound;
  return {
    constants: fitted.tensors,
    apply: (tensors, x) => callSync(bound, 'apply', () => component.apply({ tensors, json: fitted.json, options }, x)),
  };
}

function chain(stages: readonly Stage[]): Stage {
  const names = stages.map((_, i) => String(i));
  return {
    constants: scopedConstants(Object.fromEntries(stages.map((stage, i) => [names[i] as string, stage]))),
    apply: (constants, x) =>
      stages.reduce((value, stage, i) => stage.apply(takeScope(names[i] as string, constants), value), x),
  };
}
