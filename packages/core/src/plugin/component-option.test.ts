import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

import { componentOption } from './component-option.js';
import type { ComponentReference } from './contract.js';

describe('componentOption', () => {
  const options = z.strictObject({ loss: componentOption('loss', 'hinge'), next: componentOption('loss').optional() });

  it.each([
    ['focal', { use: 'focal' }],
    ['focal@2', { use: 'focal@2' }],
    [
      { use: 'focal', gamma: 3 },
      { use: 'focal', gamma: 3 },
    ],
    [undefined, { use: 'hinge' }],
  ])('reads %j as %j', (loss, expected) => {
    expect(options.parse({ loss }).loss).toEqual(expected);
  });

  it.each(['', 'Focal Loss', 'focal@', 'focal@0', '../focal', 3, null, {}, { use: 1 }, { gamma: 2 }])(
    'refuses %j',
    (loss) => {
      expect(options.safeParse({ loss }).success).toBe(false);
    },
  );

  it('says in its metadata which kind it refers to, with and without a default', () => {
    expect(options.shape.loss.meta()).toMatchObject({ kindredComponent: 'loss' });
    expect(componentOption('metric').meta()).toMatchObject({ kindredComponent: 'metric' });
  });

  it('can be written as JSON Schema', () => {
    expect(z.toJSONSchema(options, { io: 'input' })).toMatchObject({
      properties: { loss: { default: 'hinge', kindredComponent: 'loss' } },
    });
  });

  it('infers its types', () => {
    expectTypeOf<z.output<typeof options>['loss']>().toEqualTypeOf<ComponentReference>();
    expectTypeOf<z.input<typeof options>['loss']>().toEqualTypeOf<string | ComponentReference | undefined>();
  });
});
