import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { releasePayload } from "./payload.js";

/** The vendor's server, on loopback. */
export interface Vendor {
  readonly url: string;
  /** When each response was sent, by `performance.now()`. */
  readonly requestsAtMs: readonly number[];
  /** When each release was first sent, by its number. */
  readonly servedAtMs: ReadonlyMap<number, number>;
  /** Replaces the served release. */
  publish(release: number): void;
  close(): void;
}

/** Starts a server that responds like the vendor's, with entity tags, on a free port. */
export async function startVendor(): Promise<Vendor> {
  const requestsAtMs: number[] = [];
  const servedAtMs = new Map<number, number>();
  let current = served(1);
  const server = createServer((request, response) => {
    const nowMs = performance.now();
    requestsAtMs.push(nowMs);
    const { body, etag, release } = current;
    if (request.headers["if-none-match"] === etag) {
      response.writeHead(304).end();
      return;
    }
    if (!servedAtMs.has(release)) servedAtMs.set(release, nowMs);
    response.writeHead(200, { "content-type": "application/json", etag }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // an object, because it listens on a TCP port
  return {
    url: `http://127.0.0.1:${port}/api`,
    requestsAtMs,
    servedAtMs,
    publish(release) {
      current = served(release);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function served(release: number): { release: number; body: string; etag: string } {
  const body = releasePayload(release);
  const hash = createHash("sha256").update(body).digest("hex");
  return { release, body, etag: `"${hash.slice(0, 16)}"` };
}
