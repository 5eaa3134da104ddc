import { type LoopbackServer, sendTagged, startLoopbackServer } from "../loopback-server.js";
import { releasePayload } from "./payload.js";

/** The vendor's server, on loopback. */
export interface Vendor extends LoopbackServer {
  /** When each response was sent, by `performance.now()`. */
  readonly requestsAtMs: readonly number[];
  /** When each release was first sent, by its number. */
  readonly servedAtMs: ReadonlyMap<number, number>;
  /** Replaces the served release. */
  publish(release: number): void;
}

/** Starts a server that responds like the vendor's, with entity tags, on a free port. */
export async function startVendor(): Promise<Vendor> {
  const requestsAtMs: number[] = [];
  const servedAtMs = new Map<number, number>();
  let current = { release: 1, body: releasePayload(1) };
  const { close, url } = await startLoopbackServer((request, response) => {
    const nowMs = performance.now();
    requestsAtMs.push(nowMs);
    const { body, release } = current;
    if (!servedAtMs.has(release)) servedAtMs.set(release, nowMs);
    sendTagged(request, response, body);
  });
  return {
    url: `${url}/api`,
    requestsAtMs,
    servedAtMs,
    publish(release) {
      current = { release, body: releasePayload(release) };
    },
    close,
  };
}
