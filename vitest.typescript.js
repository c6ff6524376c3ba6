import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

// Tests run from sources: vitest translates those of their own thread, Node those of the worker threads that they start.
if (!isMainThread) register('./vitest.typescript-hooks.js', import.meta.url);
