import type { Scope } from '../container/scope.js';
import { noCheckpoints } from '../checkpoint/checkpoints.js';
import { CHECKPOINTS, PLAN } from '../container/tokens.js';
import type { EpochSummary, TrainResult } from '../host/types.js';
import type { BackboneModel, Sample } from '../plugin/contract.js';
import type { TrainingDivergedError } from '../training/finite.js';

import { createBackbone } from './backbone.js';
import { requireNamedNormal } from './branch-data.js';
import { checkPrecision } from './calibrate.js';
import { dataSummary } from './data-summary.js';
import { requireHeldOutPairs } from './embedding-thresholds.js';
import type { KeptPipeline } from './kept.js';
import { loadPipelineData } from './pipeline-data.js';
import { prepare } from './prepare.js';
import type { PipelinePlan } from './plan.js';
import { staleBranches, staleNote } from './stale.js';
import { planSearch, refuseTrained } from './search-plan.js';
import type { BranchState, PipelineState } from './state.js';
import type { TrainedBranch } from './train-branch.js';
import { searchIn, trainBranches } from './train-branches.js';

/** What training made: the state to save, and what to tell of it. */
export interface TrainedPipeline {
  /** What was trained: with a search, not what the manifest says. */
  readonly plan: PipelinePlan;
  readonly state: PipelineState;
  readonly model: BackboneModel;
  readonly hashes: readonly string[];
  readonly samples: readonly Sample[];
  /** By branch that reads a hidden layer of another: a PNG of its activations. */
  readonly pictures: Readonly<Record<string, Uint8Array>>;
  readonly result: Omit<TrainResult, 'bundle'>;
  /** Why training ended early; the state is that of an earlier epoch. */
  readonly diverged?: TrainingDivergedError | undefined;
}

/**
 * Trains everything that the manifest's branches need, and measures it on the test part. Writes nothing but features.
 * With `search`, the manifest's search comes first and its best choice is trained. What is `kept` is measured as it is.
 */
export async function trainPipeline(
  scope: Scope,
  { search = false, kept }: { readonly search?: boolean; readonly kept?: KeptPipeline | undefined } = {},
): Promise<TrainedPipeline> {
  const plan = scope.resolve(PLAN);
  requireHeldOutPairs(plan);
  const data = await loadPipelineData(scope);
  requireNamedNormal(plan, data);
  const searchPlan = search ? planSearch(plan) : undefined;
  const model = await createBackbone(scope);
  await checkPrecision(scope, model);
  if (searchPlan) refuseTrained(model, plan.backbone.component.name);
  const prepared = await prepare(scope, model, data, kept);
  const found = searchPlan && (await searchIn(withoutCheckpoints(scope), searchPlan, prepared));
  const chosen = found?.best ?? plan;
  const { trained, evaluations, activations } = await trainBranches(withPlan(scope, chosen), prepared, {
    ...(kept && { kept: kept.branches }),
  });

  const inBranches = <T>(pick: (branch: TrainedBranch) => T) =>
    Object.fromEntries(Object.entries(trained).map(([name, branch]) => [name, pick(branch)]));
  const { usable, joint, calibration, summary, precision } = prepared;
  const history: Record<string, readonly EpochSummary[]> = {
    ...inBranches((branch) => branch.history),
    ...(joint && { [joint.name]: joint.history }),
  };
  const backbone = joint?.backbone ?? kept?.backbone;
  const states = inBranches((branch): BranchState => branch.state);
  const stale = staleBranches(chosen.branches, states);
  const seen = Object.entries(activations);
  const several = plan.branches.length > 1;
  const notes = Object.entries(trained).flatMap(([name, branch]) =>
    branch.notes.map((note) => (several ? `${name}: ${note}` : note)),
  );
  return {
    plan: chosen,
    diverged: joint?.diverged ?? Object.values(trained).find((branch) => branch.diverged)?.diverged,
    model,
    hashes: usable.hashes,
    samples: usable.samples,
    state: {
      labels: data.labels,
      branches: states,
      ...(backbone && { backbone }),
      ...(calibration && { calibration }),
    },
    pictures: Object.fromEntries(seen.map(([name, { picture }]) => [name, picture])),
    result: {
      data: dataSummary(data, prepared),
      ...(summary && { features: summary }),
      ...(precision && { precision }),
      ...(found && { search: found.summary }),
      evaluations,
      ...(seen.length > 0 && {
        activations: Object.fromEntries(seen.map(([name, { summary: of }]) => [name, of])),
      }),
      history: Object.fromEntries(Object.entries(history).filter(([, epochs]) => epochs.length > 0)),
      notes: [...notes, ...stale.map(staleNote), ...(plan.manifest.search && !search ? [LEFT_ASIDE] : [])],
    },
  };
}

const LEFT_ASIDE = 'The "search" of the manifest was left aside: `kindred train --search` runs it.';

/** The same services for another plan. */
function withPlan(scope: Scope, plan: PipelinePlan): Scope {
  return plan === scope.resolve(PLAN) ? scope : scope.derive().provide(PLAN, { create: () => plan });
}

/** The same services, with nothing kept: a search is made again. */
function withoutCheckpoints(scope: Scope): Scope {
  return scope.derive().provide(CHECKPOINTS, { create: () => noCheckpoints });
}
