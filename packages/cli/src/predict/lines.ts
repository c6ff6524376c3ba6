import { createInterface } from 'node:readline';

/** The lines of a stream as they come, without line ends; empty ones are left out. They end where `signal` is aborted. */
export async function* linesOf(stream: NodeJS.ReadableStream, signal: AbortSignal): AsyncGenerator<string> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity, signal })) {
    if (line.trim() !== '') yield line;
  }
}
