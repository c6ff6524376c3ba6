import type { Context } from '../context/context.js';

/** The part of a component's context that the built-in datasets use. */
export type LoadContext = Pick<Context, 'baseDir' | 'log' | 'progress' | 'signal'>;
