import type { Tensor } from '@tensorflow/tfjs-core';

import { call } from '../plugin/bound.js';
import type { ComponentsContext, Fitted, HeadModel, HeadSpec } from '../plugin/contract.js';
import type { NamedTensors } from '../plugin/engine-contract.js';
import type { NdArrays } from '../tensor/nd-array.js';
import { inferenceMode } from '../training/mode.js';
import { takeScope } from '../training/scope.js';

import type { BranchPlan } from './plan.js';
import { chain, estimatorStage, scopedConstants, type Stage } from './stage.js';
import type { BranchState } from './state.js';
import { withTaps } from './tap.js';

/** What a branch gives for N images. */
export interface BranchOutput {
  /** What thresholds are compared with: `[N, L]` probabilities of a head, `[N]` scores of a detector. */
  readonly scores: Tensor;
  /** `[N]`: the chance that an image is normal, of a detector with a calibrator. */
  readonly probabilities?: Tensor;
  /** `[N, L]`: what a calibrator gets, a head's logits (or embedding `[N, E]`) or a detector's scores as a column. */
  readonly raw: Tensor;
  /** `[N, D]`: what the layers gave that others read. */
  readonly layers: Readonly<Record<string, Tensor>>;
}

/** A branch as part of a program: features `[N, D]` in. */
export interface BranchStage {
  readonly constants: NdArrays;
  /** `taps` are the layers that others read. */
  apply(constants: NamedTensors, x: Tensor, taps?: readonly string[]): BranchOutput;
}

/** The stages of a branch one after another: transforms, then head or detector, then calibrator as far as there is one in `state`. */
export async function branchStage(
  branch: BranchPlan,
  state: BranchState,
  ctx: ComponentsContext,
): Promise<BranchStage> {
  const transforms = transformsStage(branch, state.transforms);
  const calibrator = branch.calibrator && state.calibrator && estimatorStage(branch.calibrator, state.calibrator);
  const scorer =
    branch.head && state.head
      ? headScorer(branch, await headModel(branch, state.head.spec, ctx), state.head.weights, calibrator)
      : detectorScorer(branch, state, calibrator);
  const stages = { transforms, scorer, ...(calibrator && { calibrator }) };
  return {
    constants: scopedConstants(stages),
    apply(constants, x, taps = []) {
      const input = transforms.apply(takeScope('transforms', constants), x);
      return scorer.apply(takeScope('scorer', constants), input, takeScope('calibrator', constants), taps);
    },
  };
}

/** The first of the branch's transforms: those that are fitted. */
export function transformsStage(branch: BranchPlan, fitted: readonly Fitted[]): Stage {
  return chain(
    fitted.map((state, i) => estimatorStage(branch.transforms[i] as BranchPlan['transforms'][number], state)),
  );
}

/** The head of a branch for what `spec` says of its data. */
export function headModel(branch: BranchPlan, spec: HeadSpec, ctx: ComponentsContext): Promise<HeadModel> {
  const bound = branch.head;
  if (!bound) throw new RangeError(`the branch ${branch.name} has no head`);
  return call(bound, 'create', (component, options) => component.create(options, spec, ctx));
}

interface Scorer {
  readonly constants: NdArrays;
  apply(constants: NamedTensors, x: Tensor, calibration: NamedTensors, taps: readonly string[]): BranchOutput;
}

/** A calibrator takes the place of the head's own probabilities. */
function headScorer(branch: BranchPlan, model: HeadModel, weights: NdArrays, calibrator: Stage | undefined): Scorer {
  return {
    constants: weights,
    apply(constants, x, calibration, taps) {
      const forward = () => model.network.forward(constants, x, inferenceMode);
      const { output: raw, layers } = withTaps(branch.name, taps, forward);
      if (!('probabilities' in model)) return { raw, scores: raw, layers };
      return { raw, scores: calibrator ? calibrator.apply(calibration, raw) : model.probabilities(raw), layers };
    },
  };
}

/** Scores stay beside calibrated probabilities: those have ties, and thresholds need none. */
function detectorScorer(branch: BranchPlan, state: BranchState, calibrator: Stage | undefined): Scorer {
  if (!branch.detector) throw new RangeError(`the branch ${branch.name} has no detector`);
  const detector = estimatorStage(branch.detector, state.detector);
  return {
    constants: detector.constants,
    apply(constants, x, calibration) {
      const scores = detector.apply(constants, x);
      const raw = scores.reshape([-1, 1]);
      if (!calibrator) return { raw, scores, layers: {} };
      return { raw, scores, probabilities: calibrator.apply(calibration, raw).reshape([-1]), layers: {} };
    },
  };
}
