import type { EvaluateResult } from '@kindred/core/host';

import { formatCount, formatScore, formatUnits } from '../terminal/numbers.js';
import type { Style } from '../terminal/style.js';
import { formatTable } from '../terminal/table.js';

import { percent } from './percent.js';

type Verification = Extract<EvaluateResult['evaluations'][string], { kind: 'verification' }>;
type Rate = Verification['falseMatchRate'];

/** The heading of the evaluation of embeddings. */
export function verificationTitle(branch: string, { samples, identities, pairs }: Verification): string {
  const { same, different } = pairs;
  return `${branch}: ${formatUnits(samples, 'images')} of ${formatUnits(identities, 'labels')}, ${formatCount(same)} same and ${formatCount(different)} different pairs`;
}

/** What the threshold does to pairs, and what one-shot tasks were; `verbose` adds points of the ROC curve. */
export function formatVerification(
  { threshold, equalErrorThreshold, pairs, oneShot, roc, ...rates }: Verification,
  style: Style,
  verbose: boolean,
): string[] {
  const { existing, same, different } = pairs;
  const all = existing.same === same && existing.different === different;
  return [
    ...formatTable(
      [
        { title: `at the distance ${formatScore(threshold)}` },
        { title: 'share', align: 'right' },
        { title: 'interval' },
      ],
      [
        ['false matches (different pairs no further apart)', ...rateCells(rates.falseMatchRate)],
        ['false non-matches (same pairs further apart)', ...rateCells(rates.falseNonMatchRate)],
      ],
    ),
    ...(equalErrorThreshold === null
      ? []
      : [`On these images both are equally frequent at the distance ${formatScore(equalErrorThreshold)}.`]),
    ...(all
      ? []
      : [
          style.dim(
            `The pairs are a sample, drawn at random, of ${formatCount(existing.same)} same and ${formatCount(existing.different)} different ones.`,
          ),
        ]),
    ...(oneShot.length > 0 ? [style.dim(oneShotNote(oneShot))] : []),
    ...(roc && verbose ? ['', ...rocTable(roc)] : []),
    ...(roc && !verbose ? [style.dim('--verbose lists the ROC curve.')] : []),
  ];
}

function rateCells(rate: Rate): string[] {
  if (rate === null) return ['none to count', ''];
  const { value, interval } = rate;
  return [percent(value), interval ? `${percent(interval.lower)} to ${percent(interval.upper)}` : ''];
}

function oneShotNote(oneShot: Verification['oneShot']): string {
  const grouped = oneShot.some((one) => one.grouped) ? ', each with labels of one group' : '';
  return `N-way accuracy: ${formatCount(Math.max(...oneShot.map(({ tasks }) => tasks)))} tasks drawn at random${grouped}, with Wilson's interval.`;
}

function rocTable(roc: NonNullable<Verification['roc']>): string[] {
  const step = Math.max(1, Math.floor(roc.length / 20));
  const shown = roc.filter((_, i) => i % step === 0 || i === roc.length - 1);
  return formatTable(
    ['distance', 'different pairs taken for the same', 'same pairs found'].map((title) => ({ title, align: 'right' })),
    shown.map(({ distance, falseMatchRate, trueMatchRate }) => [
      formatScore(distance),
      percent(falseMatchRate),
      percent(trueMatchRate),
    ]),
  );
}
