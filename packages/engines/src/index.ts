import { definePlugin } from '@kindred/core';

import { onnx } from './component.js';

export { createOnnxEngine, type OnnxEngineOptions } from './engine.js';

export default definePlugin({ name: '@kindred/engines', apiVersion: 1, components: [onnx] });
