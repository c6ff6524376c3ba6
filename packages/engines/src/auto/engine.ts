import type { Engine, Logger } from '@kindred/core';

import { createOnnxEngine } from '../engine.js';
import { createTensorflowEngine } from '../tensorflow/engine.js';
import type { Places } from '../tensorflow/installation.js';

import { chooseEngine, type Probe } from './choose-engine.js';

export interface AutoEngineOptions extends Places {
  readonly log: Pick<Logger, 'info'>;
}

/**
 * The engine tensorflow if it loads and sees a GPU, else onnx, each with its defaults. What was taken, and why, is in the log and
 * in what it says of itself.
 */
export async function createAutoEngine({ log, ...places }: AutoEngineOptions, tryOut?: Probe): Promise<Engine> {
  const { engine: name, because } = await chooseEngine(places, tryOut);
  log.info({ engine: name }, `the engine auto takes ${name}: ${because}`);
  const engine = name === 'tensorflow' ? await createTensorflowEngine(places) : createOnnxEngine();
  return { ...engine, name: 'auto', describe: () => ({ engine: name, because, ...engine.describe() }) };
}
