import type { Backdrop } from './backdrop.js';
import * as patterns from './patterns.js';
import * as places from './places.js';
import * as skies from './skies.js';

export const BACKDROPS = { ...skies, ...places, ...patterns } satisfies Record<string, Backdrop>;

export type BackdropName = keyof typeof BACKDROPS;
