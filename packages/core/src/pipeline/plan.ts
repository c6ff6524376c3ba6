import { OTHER_DATA, type OtherData } from '../data/sample-role.js';
import type { FilledBranch, FilledManifest } from '../manifest/filled.js';
import { backboneSettings, dataSettings } from '../manifest/schema.js';
import {
  defaultCalibrationMetrics,
  defaultMultiLabelMetrics,
  defaultOneClassMetrics,
  defaultTwoLabelMetrics,
} from '../metrics/default-metrics.js';
import type { NamedMetric } from '../metrics/named-metric.js';
import { bind, type Bound } from '../plugin/bound.js';
import type { ComponentKind, ComponentReference } from '../plugin/contract.js';
import type { Registry } from '../plugin/registry.js';

export interface BranchPlan {
  readonly name: string;
  /** `branch.layer`: what it reads instead of features. */
  readonly from?: string;
  readonly transforms: readonly Bound<'transform'>[];
  readonly head?: Bound<'head'>;
  readonly detector?: Bound<'detector'>;
  readonly calibrator?: Bound<'calibrator'>;
  readonly threshold?: Bound<'threshold'>;
}

/** A manifest with its references resolved: which component, with which options, in which place. Nothing is built yet. */
export interface PipelinePlan {
  readonly manifest: FilledManifest;
  readonly registry: Registry;
  /** Where relative paths start. */
  readonly baseDir: string;
  readonly dataset: Bound<'dataset'>;
  readonly backbone: Bound<'backbone'>;
  readonly engine: Bound<'engine'>;
  readonly optimizer: Bound<'optimizer'>;
  readonly schedule?: Bound<'schedule'> | undefined;
  readonly augmentation: readonly Bound<'augmentation'>[];
  /** Other datasets beside `dataset`, by what their images are for. */
  readonly others: Readonly<Partial<Record<OtherData, Bound<'dataset'>>>>;
  readonly branches: readonly BranchPlan[];
  /** Of heads, and of those of two labels that exclude each other. */
  readonly metrics: readonly NamedMetric[];
  readonly twoLabelMetrics: readonly NamedMetric[];
  /** Of detectors' scores, and of their calibrated probabilities. */
  readonly detectorMetrics: readonly NamedMetric[];
  readonly calibrationMetrics: readonly NamedMetric[];
}

/** Resolves a filled manifest. It was checked when it was filled, so nothing here is reported as a person's mistake. */
export function planPipeline(manifest: FilledManifest, registry: Registry, baseDir: string): PipelinePlan {
  const { training, data } = manifest;
  const named = manifest.metrics?.map((reference) => planMetric(reference, registry));
  const heads = Object.values(manifest.branches).some(({ head }) => head);
  return {
    manifest,
    registry,
    baseDir,
    dataset: bind(registry, 'dataset', withoutSettings(manifest.data, dataSettings)),
    backbone: bind(registry, 'backbone', withoutSettings(manifest.backbone, backboneSettings)),
    engine: bind(registry, 'engine', manifest.engine),
    optimizer: bind(registry, 'optimizer', training.optimizer),
    schedule: training.schedule && bind(registry, 'schedule', training.schedule),
    augmentation: (training.augmentation ?? []).map((reference) => bind(registry, 'augmentation', reference)),
    others: Object.fromEntries(
      OTHER_DATA.flatMap((name) => {
        const reference = data[name];
        return reference ? [[name, bind(registry, 'dataset', reference)]] : [];
      }),
    ),
    branches: Object.entries(manifest.branches).map(([name, branch]) => planBranch(name, branch, registry)),
    metrics: named ?? defaultMultiLabelMetrics,
    twoLabelMetrics: named ?? defaultTwoLabelMetrics,
    // Beside heads, what the manifest names is theirs: most metrics of labels say nothing of detectors.
    detectorMetrics: (heads ? undefined : named) ?? defaultOneClassMetrics,
    calibrationMetrics: defaultCalibrationMetrics,
  };
}

/** Everything that a plan uses, for lock files. */
export function boundComponents(plan: PipelinePlan): readonly Bound<ComponentKind>[] {
  const { dataset, others, backbone, engine, optimizer, schedule, augmentation, branches } = plan;
  const inBranches = branches.flatMap((branch) =>
    [...branch.transforms, branch.head, branch.detector, branch.calibrator, branch.threshold].filter(
      (b) => b !== undefined,
    ),
  );
  const training = [optimizer, ...(schedule ? [schedule] : []), ...augmentation];
  return [dataset, ...Object.values(others), backbone, engine, ...training, ...inBranches];
}

/** A component's own options, without what core keeps beside them. */
function withoutSettings(reference: ComponentReference, { shape }: { readonly shape: object }): ComponentReference {
  const options = Object.entries(reference).filter(([key]) => !(key in shape));
  return { ...Object.fromEntries(options), use: reference.use };
}

function planBranch(name: string, branch: FilledBranch, registry: Registry): BranchPlan {
  return {
    name,
    ...(branch.from !== undefined && { from: branch.from }),
    transforms: branch.transforms.map((reference) => bind(registry, 'transform', reference)),
    head: branch.head && bind(registry, 'head', branch.head),
    detector: branch.detector && bind(registry, 'detector', branch.detector),
    calibrator: branch.calibrator && bind(registry, 'calibrator', branch.calibrator),
    threshold: branch.thresholds && bind(registry, 'threshold', branch.thresholds),
  };
}

/** Metrics of a manifest are named by component and options, `top-k-hit k=5`. */
export function planMetric(reference: ComponentReference, registry: Registry): NamedMetric {
  const { component, options } = bind(registry, 'metric', reference);
  const settings = Object.entries(options as object).map(([key, value]) => `${key}=${String(value)}`);
  return { name: [component.name, ...settings].join(' '), metric: component, options };
}
