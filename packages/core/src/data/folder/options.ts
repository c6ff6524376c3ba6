import { z } from 'zod';

/** What the decoder reads. */
const EXTENSIONS = ['jpg', 'jpeg', 'png', 'webp', 'gif', 'tif', 'tiff', 'avif'];

export const folderOptions = z.strictObject({
  path: z.string().min(1).describe('The folder that holds one subfolder for each class.'),
  labels: z
    .enum(['folder', 'path', 'none'])
    .default('folder')
    .describe(
      'The label of an image: the subfolder that it lies in or below; the whole path of its folder, such as "Latin/character01"; or none, wherever it lies.',
    ),
  classes: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('The subfolders to read, in the order of the labels. Default: all, sorted.'),
  extensions: z
    .array(z.string().regex(/^\.?[^./\\]+$/, 'must be a file name extension such as jpg'))
    .min(1)
    .default(EXTENSIONS)
    .describe('File name extensions of images, in any case. Other files are left out.'),
});

export type FolderOptions = z.output<typeof folderOptions>;
