import type { Scored, Thresholds } from '@kindred/core';
import { z } from 'zod';

import { bestCut, type Cut, type Worth } from '../cuts/best-cut.js';
import { quantileCut } from '../cuts/quantile-cut.js';

import { type Column, columnOf, countPositives, fallbackThreshold, requireValidation } from './validation.js';

/** Options of thresholds that weigh images with a label against others. */
export const byLabelOptions = {
  per: z
    .enum(['label', 'global'])
    .default('label')
    .describe('label: a threshold for each, raises macro-F1. global: one for all, raises micro-F1.'),
  minPositives: z
    .int()
    .min(1)
    .default(5)
    .describe('A label that fewer validation images carry takes the global threshold.'),
};

export interface ByLabel {
  readonly per: 'label' | 'global';
  readonly minPositives: number;
}

export interface Rule {
  /** The component's name. */
  readonly name: string;
  readonly worth: Worth;
  /** The share of images with a label that may fall below the threshold where there are no others to weigh them against. */
  readonly missRate: number;
  /** Brings a label's own threshold closer to that of all labels together. Left out: it stays. */
  shrink?(own: number, shared: number, positives: number): number;
  /** What a person should know of a cut. `name` is the label in quotes, or "All labels together". */
  note?(name: string, column: Column, cut: Cut): string | undefined;
}

/**
 * The best cut by `rule` for each label or for all together. Labels with few positives take the latter's, and where no image is without a label a
 * quantile of the scores takes the place of the rule, with notes.
 * @throws KINDRED_CALIBRATION_DATA; KINDRED_SCORES_INVALID as `requireValidation` and `fallbackThreshold`
 */
export function chooseByLabel(rule: Rule, { per, minPositives }: ByLabel, validation: Scored): Thresholds {
  requireValidation(rule.name, validation);
  const { labels, scores, targets } = validation;
  const samples = scores.shape[0]!;
  const notes: string[] = [];
  const all = { scores: scores.data, targets: targets.data };
  if (countPositives(all) === 0) {
    const value = fallbackThreshold(rule.name, validation);
    notes.push(`No validation image carries any label, so every threshold is ${value}.`);
    return { values: labels.map(() => value), notes };
  }
  if (per === 'global' || labels.length === 1) {
    const name = labels.length === 1 ? `"${labels[0]}"` : 'All labels together';
    const { threshold } = cutOf(rule, name, all, notes);
    return { values: labels.map(() => threshold), notes };
  }

  const shared = cutOf(rule, 'All labels together', all, []).threshold;
  const values = labels.map((label, j) => {
    const column = columnOf(validation, j);
    const positives = countPositives(column);
    if (positives < minPositives) {
      notes.push(rareNote(label, positives, samples, minPositives, shared));
      return shared;
    }
    const { threshold } = cutOf(rule, `"${label}"`, column, notes);
    return rule.shrink?.(threshold, shared, positives) ?? threshold;
  });
  return { values, notes };
}

/** The cut of a column with positives; pushes its notes. */
function cutOf(rule: Rule, name: string, column: Column, notes: string[]): Cut {
  const { scores, targets } = column;
  const size = scores.length;
  if (!targets.includes(0)) {
    const { threshold, below } = quantileCut(scores, rule.missRate);
    notes.push(
      `No validation image is without ${name}, so ${rule.name} has nothing to weigh: its threshold ${threshold.toPrecision(3)} leaves ` +
        `${below} of ${size} images outside instead, at most a share of ${rule.missRate} where they suffice for that.`,
    );
    return { threshold, given: size - below };
  }
  const cut = bestCut(scores, targets, rule.worth)!;
  if (cut.given === size) {
    notes.push(
      `${name} is given to every validation image at its threshold ${cut.threshold.toPrecision(3)}: its scores tell little.`,
    );
  }
  const note = rule.note?.(name, column, cut);
  if (note) notes.push(note);
  return cut;
}

function rareNote(label: string, positives: number, samples: number, needed: number, shared: number): string {
  return (
    `"${label}" takes the threshold of all labels together, ${shared.toPrecision(3)}: ` +
    `${positives} of ${samples} validation images carry it, ${needed} are needed for one of its own.`
  );
}
