import type { BranchState, PipelineState } from '../pipeline/state.js';
import type { Fitted } from '../plugin/contract.js';
import type { NdArrays } from '../tensor/nd-array.js';
import { addScope, takeScope } from '../training/scope.js';

import type { StateJson } from './format.js';

/** Splits a state into its JSON and its tensors. */
export function encodeState(state: PipelineState): { json: StateJson; tensors: NdArrays } {
  const tensors: Record<string, NdArrays[string]> = {};
  const put = (scope: string, arrays: NdArrays) => void Object.assign(tensors, addScope(scope, arrays));
  if (state.backbone) put('backbone', state.backbone);
  const branches = Object.entries(state.branches).map(([name, branch]) => {
    const scope = `branches/${name}`;
    const encode = (slot: string, { json, tensors: arrays }: Fitted) => {
      put(`${scope}/${slot}`, arrays);
      return { json: json as Record<string, unknown> };
    };
    if (branch.head) put(`${scope}/head`, branch.head.weights);
    const json: StateJson['branches'][string] = {
      transforms: branch.transforms.map((fitted, i) => encode(`transforms/${i}`, fitted)),
      ...(branch.head && { head: { spec: mutable(branch.head.spec) } }),
      ...(branch.detector && { detector: encode('detector', branch.detector) }),
      ...(branch.calibrator && { calibrator: encode('calibrator', branch.calibrator) }),
      ...(branch.thresholds && { thresholds: mutable(branch.thresholds) }),
      ...(branch.reads !== undefined && { reads: branch.reads }),
    };
    return [name, json] as const;
  });
  const json = {
    labels: [...state.labels],
    trainedBackbone: !!state.backbone,
    ...(state.calibration && { calibration: { ...state.calibration } }),
    branches: Object.fromEntries(branches),
  };
  return { json, tensors };
}

/** Puts a state together again. */
export function decodeState(json: StateJson, tensors: NdArrays): PipelineState {
  const branches = Object.entries(json.branches).map(([name, branch]): [string, BranchState] => {
    const scope = `branches/${name}`;
    const decode = (slot: string, fitted: { json: object }): Fitted => ({
      json: fitted.json,
      tensors: takeScope(`${scope}/${slot}`, tensors),
    });
    return [
      name,
      {
        transforms: branch.transforms.map((fitted, i) => decode(`transforms/${i}`, fitted)),
        ...(branch.head && { head: { spec: branch.head.spec, weights: takeScope(`${scope}/head`, tensors) } }),
        ...(branch.detector && { detector: decode('detector', branch.detector) }),
        ...(branch.calibrator && { calibrator: decode('calibrator', branch.calibrator) }),
        ...(branch.thresholds && { thresholds: branch.thresholds }),
        ...(branch.reads !== undefined && { reads: branch.reads }),
      },
    ];
  });
  return {
    labels: json.labels,
    branches: Object.fromEntries(branches),
    ...(json.calibration && { calibration: json.calibration }),
    ...(json.trainedBackbone && { backbone: takeScope('backbone', tensors) }),
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

function mutable<T extends object>(value: T): Mutable<T> {
  return structuredClone(value) as Mutable<T>;
}
