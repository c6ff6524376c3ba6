import path from 'node:path';

import { noCheckpoints } from '../checkpoint/checkpoints.js';
import { Scope } from '../container/scope.js';
import { CHECKPOINTS, ENGINE, FEATURE_STORE, HOST, PLAN, RANDOM } from '../container/tokens.js';
import type { Context } from '../context/context.js';
import type { FeatureStore } from '../context/feature-store.js';
import { createRandom } from '../context/random.js';
import { KindredError } from '../errors/kindred-error.js';
import { openLmdbFeatureStore } from '../features/lmdb-store.js';
import type { Host } from '../host/types.js';
import { bind, call } from '../plugin/bound.js';
import type { Engine } from '../plugin/engine-contract.js';

import { lossesOf } from './losses.js';
import { lazyFeatureStore } from './lazy-feature-store.js';
import type { PipelinePlan } from './plan.js';

/** The name of the service that replaces the built-in feature store. */
const FEATURE_STORE_SERVICE = 'feature-store';

/** The container of one pipeline. Values are made when they are first asked for. */
export function openScope(plan: PipelinePlan, host: Host): Scope {
  return new Scope()
    .provide(HOST, { create: () => host })
    .provide(PLAN, { create: () => plan })
    .provide(CHECKPOINTS, { create: () => noCheckpoints })
    .provide(RANDOM, { create: () => createRandom(plan.manifest.seed) })
    .provide(ENGINE, {
      create: (scope) => {
        const ctx = contextWithout(scope, 'engine');
        return call(plan.engine, 'create', (component, options) => component.create(options, ctx));
      },
      // A failed start was reported by whoever asked for the engine.
      dispose: (engine) =>
        engine.then(
          (started) => started.dispose(),
          () => undefined,
        ),
    })
    .provide(FEATURE_STORE, {
      create: (scope) => lazyFeatureStore(() => openFeatureStore(scope)),
      dispose: (store) => store.close(),
    });
}

/** The services for the component `name`, with a random stream of its own. */
export async function contextFor(scope: Scope, name: string): Promise<Context> {
  return createContext(scope, name, await scope.resolve(ENGINE));
}

function contextWithout(scope: Scope, name: string): Context {
  const missing = new Proxy({} as Engine, {
    get() {
      throw new KindredError('KINDRED_ENGINE_UNAVAILABLE', {
        message: `The engine must not be used while ${name} is being made: it is not there yet.`,
      });
    },
  });
  return createContext(scope, name, missing);
}

function createContext(scope: Scope, name: string, engine: Engine): Context {
  const { log, progress, signal, cacheDir } = scope.resolve(HOST);
  const { baseDir, registry } = scope.resolve(PLAN);
  return {
    log,
    progress,
    signal,
    cacheDir,
    baseDir,
    engine,
    random: scope.resolve(RANDOM).fork(name),
    featureStore: scope.resolve(FEATURE_STORE),
    ...lossesOf(registry),
  };
}

/** A plugin's feature store, if one is contributed, else the built-in one in the cache folder. */
async function openFeatureStore(scope: Scope): Promise<FeatureStore> {
  const { registry } = scope.resolve(PLAN);
  const service = registry.all('service').find(({ component }) => component.name === FEATURE_STORE_SERVICE);
  if (!service) return openLmdbFeatureStore(path.join(scope.resolve(HOST).cacheDir, 'features'));
  const bound = bind(registry, 'service', { use: service.component.name });
  const ctx = contextWithout(scope, FEATURE_STORE_SERVICE);
  return (await call(bound, 'create', (component, options) => component.create(options, ctx))) as FeatureStore;
}
