import { fork } from 'node:child_process';

import { graphOf } from '../onnx/graph.js';
import { serialize } from '../onnx/serialize.js';
import { Emitter } from '../trace/emitter.js';

import type { Device } from './device.js';

export interface DeviceProbeRequest {
  /** Computes `output = input + input`. */
  readonly model: Uint8Array;
  readonly device: Device;
  readonly input: Float32Array;
}

export type DeviceProbeAnswer = { readonly output: Float32Array } | { readonly failure: string };

/** Drivers that compile their first shader take seconds. */
const PATIENCE_MS = 60_000;

const INPUT = Float32Array.of(1, -2, 0.5, 1024);

/** Tries a device out with a small model in a process of its own: undefined if it works, else why it does not. */
export function probeDevice(device: Device): Promise<string | undefined> {
  const child = fork(new URL('./probe-child.mjs', import.meta.url), {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return new Promise((resolve) => {
    let log = '';
    let answer: DeviceProbeAnswer | undefined;
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
    child.on('message', (message) => (answer = message as DeviceProbeAnswer));
    child.on('error', (error) => resolve(error.message));
    child.on('close', () => {
      clearTimeout(timer);
      resolve(verdict(answer, log));
    });
    child.send({ model: doubling(), device, input: INPUT } satisfies DeviceProbeRequest, () => undefined);
  });
}

function verdict(answer: DeviceProbeAnswer | undefined, log: string): string | undefined {
  if (!answer) return `the process that tried it ended${log === '' ? '' : `: ${tidy(log)}`}`;
  // A missing library is told of on stderr alone.
  if ('failure' in answer) return tidy(`${answer.failure}${log === '' ? '' : ` (${log})`}`);
  const right = INPUT.every((value, i) => answer.output[i] === 2 * value);
  return right ? undefined : `it computes [${INPUT.join(', ')}] times 2 as [${Array.from(answer.output).join(', ')}]`;
}

/** One line without colours, the runtime's own files, times and places. */
function tidy(text: string): string {
  return text
    .replace(/\u001b\[[\d;]*m/g, '')
    .replace(/\/onnxruntime_src\/\S+ (?:.*?(?=Failed)|\S+)/g, '')
    .replace(/^\s*at .*$/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400);
}

function doubling(): Uint8Array {
  const emit = new Emitter();
  const info = { type: 'float32', shape: [INPUT.length] } as const;
  const input = emit.input('input', info.type, info.shape);
  return serialize(graphOf('device-probe', [{ name: 'output', value: emit.node('Add', [input, input], info) }]));
}
