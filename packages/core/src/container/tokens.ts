import type { Checkpoints } from '../checkpoint/checkpoints.js';
import type { FeatureStore } from '../context/feature-store.js';
import type { Random } from '../context/random.js';
import type { Host } from '../host/types.js';
import type { PipelinePlan } from '../pipeline/plan.js';
import type { Engine } from '../plugin/engine-contract.js';

/** A token carries the type that it resolves to. */
export type Token<T> = symbol & { readonly type?: T };

const token = <T>(name: string) => Symbol(name) as Token<T>;

/** What a pipeline's container holds. */
export const HOST = token<Host>('Host');
export const PLAN = token<PipelinePlan>('PipelinePlan');
export const RANDOM = token<Random>('Random');
export const ENGINE = token<Promise<Engine>>('Engine');
export const FEATURE_STORE = token<FeatureStore>('FeatureStore');
export const CHECKPOINTS = token<Checkpoints>('Checkpoints');
