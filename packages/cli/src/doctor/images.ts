import { messageOf, type Finding } from './finding.js';

/** Whether sharp loads, with its libvips, and decodes what it encoded. */
export async function checkImages(): Promise<Finding> {
  const name = 'images';
  try {
    const { default: sharp } = await import('sharp');
    const red = { create: { width: 8, height: 8, channels: 3 as const, background: { r: 255, g: 0, b: 0 } } };
    const formats = { jpeg: sharp(red).jpeg(), png: sharp(red).png(), webp: sharp(red).webp() };
    for (const [format, image] of Object.entries(formats)) {
      const { data, info } = await sharp(await image.toBuffer())
        .raw()
        .toBuffer({ resolveWithObject: true });
      // JPEG and WebP are lossy: a pure red comes back within a few levels.
      if (info.width !== 8 || (data[0] ?? 0) < 240 || (data[1] ?? 255) > 15)
        throw new Error(`${format} decodes wrongly`);
    }
    const { sharp: version, vips } = sharp.versions;
    return { name, status: 'ok', detail: `sharp ${version}, libvips ${vips}: jpeg, png, webp decode` };
  } catch (error) {
    const fix = `npm install --include=optional sharp (for ${process.platform}-${process.arch}; https://sharp.pixelplumbing.com/install)`;
    return { name, status: 'fail', detail: `sharp does not work: ${messageOf(error).split('\n')[0]}`, fix };
  }
}
