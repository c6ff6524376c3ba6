import { KindredError } from '../errors/kindred-error.js';
import { bind } from '../plugin/bound.js';
import type { ComponentsContext, LossInput } from '../plugin/contract.js';
import type { Registry } from '../plugin/registry.js';

const MEANING: Readonly<Record<LossInput, string>> = {
  logits: 'of logits',
  distances: 'of the distances of pairs',
  triplets: 'of the distances in triplets',
};

/** Makes the losses that options refer to. */
export function lossesOf(registry: Registry): ComponentsContext {
  const lossInput: ComponentsContext['lossInput'] = (reference) =>
    bind(registry, 'loss', reference).component.of ?? 'logits';
  return {
    lossInput,
    loss(reference, of = 'logits') {
      const { component, options } = bind(registry, 'loss', reference);
      const actual = component.of ?? 'logits';
      if (actual === of) return component.create(options);
      const fitting = registry.all('loss').filter((other) => (other.component.of ?? 'logits') === of);
      throw new KindredError('KINDRED_MANIFEST_VALUE', {
        message: `The loss here must be one ${MEANING[of]}. Got ${component.name}, which is one ${MEANING[actual]}.`,
        path: 'loss',
        received: component.name,
        hint: `Use one of ${fitting.map((other) => other.component.name).join(', ')}.`,
      });
    },
  };
}
