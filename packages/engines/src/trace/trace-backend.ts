import * as tf from '@tensorflow/tfjs-core';
import { KindredError } from '@kindred/core';

import { type SymbolicTensor, symbolicType } from './symbolic-tensor.js';
import type { Trace } from './trace.js';

type DataId = tf.TensorInfo['dataId'];
type Values = tf.BackendValues;

/**
 * The tfjs backend under which programs are recorded: its kernels append graph nodes to the trace in progress, its
 * tensors have shapes and no data.
 */
export class TraceBackend extends tf.KernelBackend {
  readonly #storage = new Map<DataId, { readonly tensor: SymbolicTensor; references: number }>();
  /** Set while a program is recorded. */
  trace: Trace | undefined;

  /** Keeps `tensor` and returns what a tfjs kernel returns for it. */
  hold(tensor: SymbolicTensor): tf.TensorInfo {
    const dataId = {};
    this.#storage.set(dataId, { tensor, references: 1 });
    return { dataId, shape: [...tensor.shape], dtype: tensor.dtype };
  }

  /** What a tensor stands for. Tensors of other backends, and only those, are read and become constants. */
  symbol(info: tf.TensorInfo): SymbolicTensor {
    return this.#storage.get(info.dataId)?.tensor ?? this.#active().foreign(info);
  }

  has(dataId: DataId): boolean {
    return this.#storage.has(dataId);
  }

  /** What is still held, for cleaning up: tensors that a program kept, or that an exception left behind. */
  held(): { dataId: DataId; tensor: SymbolicTensor; references: number }[] {
    return [...this.#storage].map(([dataId, entry]) => ({ dataId, ...entry }));
  }

  override numDataIds(): number {
    return this.#storage.size;
  }

  override write(values: Values, shape: number[], dtype: tf.DataType): DataId {
    return this.hold(this.#active().constant(values, shape, symbolicType(dtype))).dataId;
  }

  override incRef(dataId: DataId): void {
    const entry = this.#storage.get(dataId);
    if (entry) entry.references++;
  }

  override refCount(dataId: DataId): number {
    return this.#storage.get(dataId)?.references ?? 0;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const entry = this.#storage.get(dataId);
    if (!entry) return true;
    entry.references--;
    if (!force && entry.references > 0) return false;
    this.#storage.delete(dataId);
    return true;
  }

  /** Constants made inside of a program can be read; what depends on its inputs cannot. */
  override readSync(dataId: DataId): Values {
    const tensor = this.#storage.get(dataId)?.tensor;
    const elements = tensor?.elements();
    if (elements) return elements as Float32Array;
    throw new KindredError('KINDRED_ENGINE_DATA_DEPENDENT', {
      message: `A program must not read the values of its tensors; ${this.trace?.program ?? 'a program'} read a ${tensor?.dtype ?? 'disposed'} tensor of shape [${tensor?.shape.join(', ') ?? ''}] (dataSync, data, array or print).`,
      hint: 'Express the choice with tensors (tf.where, tf.maximum), or return the tensor and decide outside of the program.',
    });
  }

  override read(dataId: DataId): Promise<Values> {
    return Promise.resolve(this.readSync(dataId));
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {
    this.#storage.clear();
  }

  #active(): Trace {
    if (this.trace) return this.trace;
    throw new KindredError('KINDRED_ENGINE_DATA_DEPENDENT', {
      message: 'Tensors of a recorded program must not be used after it was recorded.',
      hint: 'Let the program return them as outputs.',
    });
  }
}
