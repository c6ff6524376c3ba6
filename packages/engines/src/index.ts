import { definePlugin } from '@kindred/core';

import { auto } from './auto/component.js';
import { onnx } from './component.js';
import { tensorflow } from './tensorflow/component.js';

// Functions of tfjs ops, compiled
export { compile, type CompiledFunction, type CompileFunctionOptions } from './compile/compile.js';
export type { TensorArgument, TensorSpec } from './compile/inputs.js';
export type { Outputs } from './compile/structure.js';

// Engines
export { createOnnxEngine, type OnnxEngineOptions } from './engine.js';
export { createTensorflowEngine, type TensorflowEngineOptions } from './tensorflow/engine.js';

// What is on this machine
export { listEngines, type EngineListing } from './list-engines.js';
export { installTensorflow, type Installed } from './tensorflow/install/install.js';
export type { InstallOptions } from './tensorflow/install/options.js';

// ONNX files from elsewhere
export { openOnnxModel, type OnnxModel, type OnnxModelOptions } from './external/open-onnx-model.js';
export type { OnnxModelValue } from './external/model-values.js';

export default definePlugin({ name: '@kindred/engines', apiVersion: 1, components: [onnx, tensorflow, auto] });
