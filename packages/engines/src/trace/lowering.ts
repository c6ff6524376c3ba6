import type { Emitter } from './emitter.js';
import type { SymbolicTensor } from './symbolic-tensor.js';

/** One call of a tfjs kernel while a program is recorded. */
interface KernelCall<Inputs, Attrs> {
  readonly inputs: Inputs;
  readonly attrs: Attrs;
  readonly emit: Emitter;
}

/** Says how one tfjs kernel is written as ONNX nodes. */
export interface Lowering {
  /** The kernel's name in tfjs. */
  readonly kernel: string;
  /** Names of the inputs that every call must have. */
  readonly required: readonly string[];
  lower(call: KernelCall<unknown, unknown>): SymbolicTensor | SymbolicTensor[];
}

type Named<Required extends string, Optional extends string> = Readonly<Record<Required, SymbolicTensor>> &
  Readonly<Partial<Record<Optional, SymbolicTensor>>>;

type Body<Inputs, Attrs> = (call: KernelCall<Inputs, Attrs>) => SymbolicTensor | SymbolicTensor[];

/** Defines the lowering of a kernel with named inputs. tfjs states their names and `Attrs` in its kernel_names.ts. */
export function defineLowering<Attrs = unknown>() {
  return <Required extends string, Optional extends string = never>(
    kernel: string,
    inputs: { readonly required: readonly Required[]; readonly optional?: readonly Optional[] },
    lower: Body<Named<Required, Optional>, Attrs>,
  ): Lowering => ({ kernel, required: inputs.required, lower });
}

/** Defines the lowering of a kernel that takes a list of tensors. */
export function defineListLowering<Attrs = unknown>(
  kernel: string,
  lower: Body<readonly SymbolicTensor[], Attrs>,
): Lowering {
  return { kernel, required: [], lower };
}
