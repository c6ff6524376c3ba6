import type { Random } from '@kindred/core';

import type { Palette } from '../palette.js';
import type { Sheet } from '../sheet.js';

/** What lies behind everything else: SVG shapes over a sky that is already painted. */
export type Backdrop = (palette: Palette, sheet: Sheet, random: Random) => string;
