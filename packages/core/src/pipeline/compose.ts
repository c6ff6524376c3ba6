import type { Tensor } from '@tensorflow/tfjs-core';

import { sourceOf } from '../manifest/source-of.js';
import type { BackboneModel } from '../plugin/contract.js';
import type { NamedTensors, Program } from '../plugin/engine-contract.js';
import type { NdArrays } from '../tensor/nd-array.js';
import { addScope, takeScope } from '../training/scope.js';

import type { BranchOutput, BranchStage } from './branch-stage.js';
import { scopedConstants } from './stage.js';
import { isOutputTap } from './tap.js';
import { wholeBackbone } from './whole-backbone.js';

/** A branch among others, and what it reads instead of features. */
export interface PlacedBranch {
  readonly stage: BranchStage;
  readonly from?: string | undefined;
}
export type PlacedBranches = Readonly<Record<string, PlacedBranch>>;

/** The name of a program's output that holds calibrated probabilities of the branch `name`; its scores have the branch's own. */
export const probabilitiesOf = (name: string): string => `${name}/probabilities`;

/** `images` uint8 `[B, H, W, C]` in, `features` float32 `[B, D]` out. */
export function backboneProgram(model: BackboneModel, weights: NdArrays): Program {
  const { constants, forward } = wholeBackbone(model, weights);
  return {
    name: 'backbone',
    constants,
    run: (tensors) => ({ features: forward(tensors.constants, tensors.inputs['images'] as Tensor) }),
  };
}

/** `features` `[N, D]` in, the outputs of each branch. */
export function branchesProgram(branches: PlacedBranches): Program {
  return {
    name: 'branches',
    constants: branchConstants(branches),
    run: ({ inputs, constants }) => applyBranches(branches, constants, inputs['features'] as Tensor),
  };
}

/** The whole pipeline: `images` uint8 `[B, H, W, C]` in, the outputs of each branch. */
export function pipelineProgram(model: BackboneModel, weights: NdArrays, branches: PlacedBranches): Program {
  const backbone = wholeBackbone(model, weights);
  return {
    name: 'pipeline',
    constants: { ...addScope('backbone', backbone.constants), ...addScope('branches', branchConstants(branches)) },
    run({ inputs, constants }) {
      const features = backbone.forward(takeScope('backbone', constants), inputs['images'] as Tensor);
      return applyBranches(branches, takeScope('branches', constants), features);
    },
  };
}

function branchConstants(branches: PlacedBranches): NdArrays {
  return scopedConstants(Object.fromEntries(Object.entries(branches).map(([name, { stage }]) => [name, stage])));
}

/** What other branches read of the branch `name`. */
function tapsOf(branches: PlacedBranches, name: string): readonly string[] {
  const sources = Object.values(branches).flatMap(({ from }) => (from === undefined ? [] : [sourceOf(from)]));
  return sources.filter(({ branch }) => branch === name).map(({ tap }) => tap);
}

function applyBranches(branches: PlacedBranches, constants: NamedTensors, features: Tensor): NamedTensors {
  const done = new Map<string, BranchOutput>();
  const outputOf = (name: string): BranchOutput => {
    const known = done.get(name);
    if (known) return known;
    const { stage, from } = branches[name] as PlacedBranch;
    const x = from === undefined ? features : read(from);
    const output = stage.apply(takeScope(name, constants), x, tapsOf(branches, name));
    done.set(name, output);
    return output;
  };
  const read = (from: string): Tensor => {
    const { branch, tap } = sourceOf(from);
    const { raw, layers } = outputOf(branch);
    return isOutputTap(tap) ? raw : (layers[tap] as Tensor);
  };
  return Object.fromEntries(
    Object.keys(branches).flatMap((name): [string, Tensor][] => {
      const { scores, probabilities } = outputOf(name);
      return [[name, scores], ...(probabilities ? ([[probabilitiesOf(name), probabilities]] as const) : [])] as [
        string,
        Tensor,
      ][];
    }),
  );
}
