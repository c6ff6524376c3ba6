import type { Fitted, HeadSpec, Thresholds } from '../plugin/contract.js';
import type { Calibration } from '../plugin/engine-contract.js';
import type { NdArrays } from '../tensor/nd-array.js';

/** What a branch learned. */
export interface BranchState {
  /** One for each transform, in order. */
  readonly transforms: readonly Fitted[];
  readonly head?: { readonly spec: HeadSpec; readonly weights: NdArrays };
  readonly detector?: Fitted;
  readonly calibrator?: Fitted;
  /** One value for each label of a head; one for a detector. */
  readonly thresholds?: Thresholds;
  /** Of a branch that reads another: a hash of what that was when this one was fitted. */
  readonly reads?: string;
}

/** What a pipeline learned: with its manifest, all that prediction needs. */
export interface PipelineState {
  /** What heads learned; of one-class data the labels of normal images. */
  readonly labels: readonly string[];
  /** The weights of a backbone that was trained; a frozen one's come from where they came from in training. */
  readonly backbone?: NdArrays;
  /** How a frozen backbone is run in 8 bits, if it is: the ranges measured in training, so that features stay the same. */
  readonly calibration?: Calibration;
  readonly branches: Readonly<Record<string, BranchState>>;
}
