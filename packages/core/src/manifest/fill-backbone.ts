import { KindredError } from '../errors/kindred-error.js';

import { fillWithSettings } from './fill-with-settings.js';
import type { FillContext } from './fill-reference.js';
import type { FilledManifest } from './filled.js';
import { pathText } from './issues.js';
import { backboneSettings, INT8_DEFAULTS } from './schema.js';

/** Fills the backbone and what it is computed in. Settings of int8 have a place only beside it. */
export function fillBackbone(context: FillContext): FilledManifest['backbone'] | undefined {
  const filled = fillWithSettings('backbone', 'backbone', backboneSettings, context);
  if (!filled) return undefined;
  const { precision, ...rest } = filled;
  const { component } = context.registry.get('backbone', filled.use);
  if (precision === 'float32') {
    const stray = (['calibrationImages', 'maxDrift'] as const).filter((key) => filled[key] !== undefined);
    for (const key of stray) {
      refuse(context, key, 'must stand beside "precision": "int8". Got it beside float32.', 'Leave it out.');
    }
    return { ...rest, precision };
  }
  if (component.tags?.trainable) {
    refuse(
      context,
      'precision',
      `must be float32 for the backbone ${component.name}, which is trained: only given weights can be made int8. Got "int8".`,
      'Leave it out, or use a pretrained backbone such as resnet50.',
    );
  }
  return { ...INT8_DEFAULTS, ...rest, precision };
}

function refuse({ source, issues }: FillContext, key: string, must: string, hint: string): void {
  const path = ['backbone', key];
  const text = pathText(path);
  const message = `${source.locate(path)}: "${text}" ${must}`;
  issues.push(new KindredError('KINDRED_MANIFEST_VALUE', { message, path: text, hint }));
}
