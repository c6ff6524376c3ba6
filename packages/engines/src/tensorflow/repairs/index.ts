import { explicitPadding } from './explicit-padding.js';
import { gatherAxis } from './gather-axis.js';
import type { Repair } from './repair.js';
import { resizeGradients } from './resize-gradients.js';

export const REPAIRS: readonly Repair[] = [explicitPadding, gatherAxis, resizeGradients];
