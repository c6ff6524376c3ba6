import { defineThreshold, KindredError, type Scored, type Thresholds } from '@kindred/core';
import { z } from 'zod';

import { bestCut, type Cut } from './best-cut.js';

/** What a label gets if the validation set has no label at all. */
const FALLBACK = 0.5;

const options = z.strictObject({
  per: z
    .enum(['label', 'global'])
    .default('label')
    .describe('label: a threshold for each, raises macro-F1. global: one for all, raises micro-F1.'),
  minPositives: z
    .int()
    .min(1)
    .default(5)
    .describe('A label that fewer validation images carry takes the global threshold.'),
});

/**
 * Thresholds with the highest F1 on the validation set. Of few positives such a threshold is a guess, and a low one floods every image with a rare
 * label: below `minPositives` a label takes the threshold of all labels together.
 */
export const maxF1 = defineThreshold({
  name: 'max-f1',
  version: 1,
  summary: 'The thresholds with the highest F1 on the validation images.',
  options,
  tags: { multiLabel: true, needsHeldOut: true },
  choose({ per, minPositives }, validation) {
    requireScores(validation);
    const { labels, scores, targets } = validation;
    const samples = scores.shape[0]!;
    const notes: string[] = [];
    const all = bestCut(scores.data, targets.data);
    if (!all) notes.push(`No validation image carries any label, so every threshold is ${FALLBACK}.`);
    const shared = all?.threshold ?? FALLBACK;
    if (!all || per === 'global') return { values: labels.map(() => shared), notes };

    const values = labels.map((label, column) => {
      const own = columnOf(validation, column);
      const positives = own.targets.reduce((sum, target) => sum + target, 0);
      const cut = positives >= minPositives ? bestCut(own.scores, own.targets) : undefined;
      if (!cut) notes.push(rareNote(label, positives, samples, minPositives, shared));
      else if (cut.given === samples) notes.push(floodNote(label, cut));
      return cut?.threshold ?? shared;
    });
    return { values, notes } satisfies Thresholds;
  },
});

function rareNote(label: string, positives: number, samples: number, needed: number, shared: number): string {
  return (
    `"${label}" takes the threshold of all labels together, ${shared.toPrecision(3)}: ` +
    `${positives} of ${samples} validation images carry it, ${needed} are needed for one of its own.`
  );
}

function floodNote(label: string, { threshold }: Cut): string {
  return `"${label}" is given to every validation image at its threshold ${threshold.toPrecision(3)}: its scores tell little.`;
}

function columnOf({ labels, scores, targets }: Scored, column: number): { scores: Float32Array; targets: Uint8Array } {
  const own = (_: number, i: number): boolean => i % labels.length === column;
  return { scores: scores.data.filter(own), targets: targets.data.filter(own) };
}

function requireScores({ labels, scores }: Scored): void {
  if (scores.data.length === 0) {
    throw new KindredError('KINDRED_CALIBRATION_DATA', {
      message: `The threshold max-f1 needs validation images. Got scores of shape [${scores.shape.join(', ')}].`,
      received: scores.shape,
      hint: 'Set "validation" in "data.split" above 0, or use the threshold "fixed".',
    });
  }
  const bad = scores.data.findIndex((score) => !Number.isFinite(score));
  if (bad < 0) return;
  const place = `row ${Math.floor(bad / labels.length)}, label "${labels[bad % labels.length]}"`;
  throw new KindredError('KINDRED_SCORES_INVALID', {
    message: `Scores for the threshold max-f1 must be finite numbers. Got ${scores.data[bad]} in ${place}.`,
    received: scores.data[bad],
    hint: 'Look for NaN or infinite values in the features and in the training loss.',
  });
}
