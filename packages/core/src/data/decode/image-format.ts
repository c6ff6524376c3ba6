/** What `bytes` are, by how they start. */
export interface Recognised {
  readonly name: string;
  /** Whether the decoder takes it. */
  readonly supported: boolean;
  /** What a person can do about one that is not. */
  readonly hint?: string;
}

interface Signature extends Recognised {
  readonly pattern: RegExp;
}

const CONVERT = 'Convert it to PNG or JPEG.';

/** Longest first where one begins like another. Patterns are over Latin-1 text: one character a byte. */
const SIGNATURES: readonly Signature[] = [
  { name: 'JPEG', supported: true, pattern: /^\xff\xd8\xff/ },
  { name: 'PNG', supported: true, pattern: /^\x89PNG\r\n\x1a\n/ },
  { name: 'GIF', supported: true, pattern: /^GIF8[79]a/ },
  { name: 'WebP', supported: true, pattern: /^RIFF....WEBP/s },
  { name: 'TIFF', supported: true, pattern: /^(II[*+]\0|MM\0[*+])/ },
  { name: 'AVIF', supported: true, pattern: /^....ftyp(avif|avis|mif1)/s },
  { name: 'HEIC', supported: false, hint: CONVERT, pattern: /^....ftyp(hei|hev)/s },
  { name: 'BMP', supported: false, hint: CONVERT, pattern: /^BM....\0\0\0\0/s },
  { name: 'PDF', supported: false, hint: CONVERT, pattern: /^%PDF-/ },
  // A small SVG can draw, read or take as much as it likes: it is a program more than an image.
  { name: 'SVG', supported: false, hint: CONVERT, pattern: /<svg[\s>]/i },
  {
    name: 'a web page',
    supported: false,
    hint: 'A download probably saved an error page in place of the image: fetch it again.',
    pattern: /^\s*<(!doctype|html)/i,
  },
];

/** Recognises an image by its first bytes, whatever its name says; undefined if nothing is known that starts so. */
export function recogniseFormat(bytes: Uint8Array): Recognised | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1');
  return SIGNATURES.find(({ pattern }) => pattern.test(start));
}

/** For messages. */
export const SUPPORTED_FORMATS = SIGNATURES.filter(({ supported }) => supported).map(({ name }) => name);
