import type { z } from 'zod';

import type {
  Augmentation,
  Backbone,
  Calibrator,
  Dataset,
  Detector,
  EngineComponent,
  Head,
  Loss,
  Metric,
  Optimizer,
  Plugin,
  Schedule,
  Service,
  Threshold,
  Transform,
} from './contract.js';

type Definition<C extends { kind: string }> = Omit<C, 'kind'>;

/*
 * Each helper gives a definition its kind and lets TypeScript infer the options' type from the zod schema.
 * Nothing is registered: a component exists for Kindred once a plugin lists it.
 */

export const defineDataset = <S extends z.ZodType>(definition: Definition<Dataset<S>>): Dataset<S> => ({
  kind: 'dataset',
  ...definition,
});

export const defineAugmentation = <S extends z.ZodType>(definition: Definition<Augmentation<S>>): Augmentation<S> => ({
  kind: 'augmentation',
  ...definition,
});

export const defineBackbone = <S extends z.ZodType>(definition: Definition<Backbone<S>>): Backbone<S> => ({
  kind: 'backbone',
  ...definition,
});

export const defineTransform = <S extends z.ZodType, J extends object>(
  definition: Definition<Transform<S, J>>,
): Transform<S, J> => ({ kind: 'transform', ...definition });

export const defineHead = <S extends z.ZodType>(definition: Definition<Head<S>>): Head<S> => ({
  kind: 'head',
  ...definition,
});

export const defineDetector = <S extends z.ZodType, J extends object>(
  definition: Definition<Detector<S, J>>,
): Detector<S, J> => ({ kind: 'detector', ...definition });

export const defineCalibrator = <S extends z.ZodType, J extends object>(
  definition: Definition<Calibrator<S, J>>,
): Calibrator<S, J> => ({ kind: 'calibrator', ...definition });

export const defineThreshold = <S extends z.ZodType>(definition: Definition<Threshold<S>>): Threshold<S> => ({
  kind: 'threshold',
  ...definition,
});

export const defineLoss = <S extends z.ZodType>(definition: Definition<Loss<S>>): Loss<S> => ({
  kind: 'loss',
  ...definition,
});

export const defineOptimizer = <S extends z.ZodType>(definition: Definition<Optimizer<S>>): Optimizer<S> => ({
  kind: 'optimizer',
  ...definition,
});

export const defineSchedule = <S extends z.ZodType>(definition: Definition<Schedule<S>>): Schedule<S> => ({
  kind: 'schedule',
  ...definition,
});

export const defineMetric = <S extends z.ZodType>(definition: Definition<Metric<S>>): Metric<S> => ({
  kind: 'metric',
  ...definition,
});

export const defineEngine = <S extends z.ZodType>(definition: Definition<EngineComponent<S>>): EngineComponent<S> => ({
  kind: 'engine',
  ...definition,
});

export const defineService = <S extends z.ZodType>(definition: Definition<Service<S>>): Service<S> => ({
  kind: 'service',
  ...definition,
});

/** A plugin is the default export of its package or file. */
export const definePlugin = (plugin: Plugin): Plugin => plugin;
