import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { integrityOf } from './tarball.js';

export interface LocalRegistry {
  readonly url: string;
  /** Paths asked for so far. */
  readonly requests: string[];
  /** Authorization headers that came with them. */
  readonly authorizations: (string | undefined)[];
  close(): Promise<void>;
}

interface Behaviour {
  readonly name: string;
  readonly version: string;
  readonly tarball: Buffer;
  /** What the packument says; the tarball's own if left out. */
  readonly integrity?: string;
  /** Cuts the connection in the middle of the first so many tarballs. */
  readonly cuts?: number;
  /** Sends half of the tarball, calls this, and then nothing more. */
  readonly stalled?: () => void;
  /** Knows no package at all. */
  readonly empty?: boolean;
}

/** A real npm registry of one package on 127.0.0.1. */
export async function startRegistry(behaviour: Behaviour): Promise<LocalRegistry> {
  const { name, version, tarball } = behaviour;
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  let cuts = behaviour.cuts ?? 0;
  let url = '';

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests.push(request.url ?? '');
    authorizations.push(request.headers.authorization);
    if (behaviour.empty === true) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
    } else if (request.url?.endsWith('.tgz') !== true) {
      const dist = {
        tarball: `${url}${name}/-/${name}-${version}.tgz`,
        integrity: behaviour.integrity ?? integrityOf(tarball),
      };
      const packument = { name, 'dist-tags': { latest: version }, versions: { [version]: { name, version, dist } } };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(packument));
    } else {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': tarball.length });
      const half = tarball.subarray(0, tarball.length >> 1);
      if (behaviour.stalled !== undefined) response.write(half, behaviour.stalled);
      else if (cuts-- > 0) response.write(half, () => setTimeout(() => response.destroy(), 20));
      else response.end(tarball);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  return {
    url,
    requests,
    authorizations,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
