import type { Random } from '@kindred/core';

import type { Palette } from '../palette.js';

/** A thing on a poster: SVG shapes around the origin, within about -50..50 on both axes. */
export type Motif = (palette: Palette, random: Random) => string;
