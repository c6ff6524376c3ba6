import * as action from './action.js';
import * as comedy from './comedy.js';
import * as drama from './drama.js';
import * as family from './family.js';
import * as horror from './horror.js';
import type { Motif } from './motif.js';
import * as romance from './romance.js';
import * as sciFi from './sci-fi.js';
import * as western from './western.js';

/** Every thing a poster can show. Which genres show it is the cue table's business: many share one. */
export const MOTIFS = {
  ...action,
  ...comedy,
  ...drama,
  ...family,
  ...horror,
  ...romance,
  ...sciFi,
  ...western,
} satisfies Record<string, Motif>;

export type MotifName = keyof typeof MOTIFS;
