import { createInterface } from 'node:readline';

/** The lines of a stream as they come, without line ends; empty ones are left out. */
export async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    if (line.trim() !== '') yield line;
  }
}
