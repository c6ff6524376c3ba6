/**
 * What the main thread and a worker say to each other. Arrays are moved, not copied, wherever the sender does not need
 * them any more.
 */
import type { DType, DTypeArrays } from '@kindred/core';

import type { Device } from '../device/device.js';

/** An array on its way between threads; its buffer holds nothing else. */
export interface WireArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: DTypeArrays[DType];
}

export interface LoadRequest {
  readonly type: 'load';
  /** Chosen by the main thread; names the session from now on. */
  readonly session: number;
  readonly model: Uint8Array;
  /** Tensors that the model says are in other files, by the names it has for them. */
  readonly data?: readonly { readonly path: string; readonly data: Uint8Array }[];
  readonly threads: number;
  /** Where it computes; what the device has no kernel for is left to the processor. Default `cpu`. */
  readonly device?: Device | undefined;
  /** Whether the session's threads wait for its nodes actively: where no other worker wants the processors. */
  readonly spinning?: boolean;
  /** Variables the session changes: its outputs `update:<name>` become their values. */
  readonly updates: readonly string[];
  /** Keeps sums of two 8-bit products right where the processor would clip them to 16 bits. It is slow elsewhere. */
  readonly wideProducts?: boolean;
}

export interface RunRequest {
  readonly type: 'run';
  readonly session: number;
  /** By graph input name. Variables (`variable:<name>`) are the worker's own. */
  readonly feeds: Readonly<Record<string, WireArray>>;
  readonly variables: readonly string[];
  /** Graph output names to send back. */
  readonly outputs: readonly string[];
  /** Where the outputs (all float32) go instead of back, in their order. */
  readonly share?: ShareRequest;
  /** More feeds: what several workers have shared. */
  readonly areas?: AreasRequest;
}

/** One shard's area of the memory that all workers see. */
export interface ShareRequest {
  readonly area: Float32Array<SharedArrayBuffer>;
}

export interface AreasRequest {
  readonly areas: readonly Float32Array<SharedArrayBuffer>[];
  /** What every area holds. An array is fed as `<name>/<number of the area>`. */
  readonly layout: readonly { readonly name: string; readonly offset: number; readonly shape: readonly number[] }[];
}

interface ReleaseRequest {
  readonly type: 'release';
  readonly session: number;
}

/** Sets the worker's variables; those not named keep their values. */
interface WriteRequest {
  readonly type: 'write';
  readonly variables: Readonly<Record<string, WireArray>>;
}

interface ReadRequest {
  readonly type: 'read';
}

/** Sets the variables back to their values before the last run, once. */
interface UndoRequest {
  readonly type: 'undo';
}

/** Frees everything and ends the thread, after what was asked before. */
interface EndRequest {
  readonly type: 'end';
}

export type Request = LoadRequest | RunRequest | ReleaseRequest | WriteRequest | ReadRequest | UndoRequest | EndRequest;

export interface Message {
  readonly id: number;
  readonly request: Request;
}

/** `arrays` answers run and read. */
export type Reply = { readonly id: number } & (
  { readonly arrays: Readonly<Record<string, WireArray>> } | { readonly failure: string }
);
