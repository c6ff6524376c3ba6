import { TREE_ENSEMBLE } from '@kindred/core';
import * as tf from '@tensorflow/tfjs-core';

import { REPAIRS } from './repairs/index.js';

type Inputs = tf.NamedTensorInfoMap;

/** They have a form in tfjs' own ops, which stays on the device. */
const WITHOUT_HOST_KERNEL: ReadonlySet<string> = new Set([TREE_ENSEMBLE]);

/** What `mendKernels` has put there. */
const mended = new WeakSet<tf.KernelConfig>();

/**
 * Gives the backend every kernel that tfjs' plain JavaScript backend has and it has not, computed there on copies: a few rare ones
 * of tfjs, without which programs would fail that run on other engines, and those that Kindred adds. Idempotent.
 */
export function addHostKernels(backendName: string): void {
  const own = new Set(tf.getKernelsForBackend(backendName).map(({ kernelName }) => kernelName));
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('cpu')) {
    if (!own.has(kernelName) && !WITHOUT_HOST_KERNEL.has(kernelName))
      tf.registerKernel({ kernelName, backendName, kernelFunc: onHost(kernelFunc) });
  }
}

/** Puts mended kernels in the place of the backend's own. Idempotent. */
export function mendKernels(backendName: string): void {
  for (const repair of REPAIRS) {
    for (const kernelName of repair.kernels) {
      const own = tf.getKernel(kernelName, backendName);
      const host = tf.getKernel(kernelName, 'cpu');
      if (mended.has(own)) continue;
      const kernelFunc = repair.mend(own.kernelFunc, onHost(host.kernelFunc), kernelName);
      tf.unregisterKernel(kernelName, backendName);
      tf.registerKernel({ ...own, kernelFunc });
      mended.add(tf.getKernel(kernelName, backendName));
    }
  }
}

function onHost(kernel: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const device = backend as tf.KernelBackend;
    const host = tf.findBackend('cpu');
    const used = new Set<tf.DataId>();
    /** A copy of a tensor of `from` in `to`. */
    const copy = ({ dataId, shape, dtype }: tf.TensorInfo, from: tf.KernelBackend, to: tf.KernelBackend) => {
      const values = from.readSync(dataId);
      return { dataId: to.write(values, shape, dtype), shape, dtype };
    };
    const toHost = (info: tf.TensorInfo) => {
      const copied = copy(info, device, host);
      used.add(copied.dataId);
      return copied;
    };
    const toDevice = (info: tf.TensorInfo) => {
      used.add(info.dataId);
      return copy(info, host, device);
    };
    try {
      const results = kernel({ inputs: mapInfos(inputs, toHost), attrs, backend: host });
      return Array.isArray(results) ? results.map(toDevice) : toDevice(results);
    } finally {
      for (const dataId of used) host.disposeData(dataId, true);
    }
  };
}

/** Kernels get their inputs by name or, where there may be any number of them, as a list. */
function mapInfos(inputs: Inputs, change: (info: tf.TensorInfo) => tf.TensorInfo): Inputs {
  if (Array.isArray(inputs)) return (inputs as tf.TensorInfo[]).map(change) as unknown as Inputs;
  return Object.fromEntries(Object.entries(inputs).flatMap(([name, info]) => (info ? [[name, change(info)]] : [])));
}
