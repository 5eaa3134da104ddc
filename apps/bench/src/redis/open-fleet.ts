import { type Client, createClient, type Diagnostics, httpOrigin } from "@sortition/node";
import { redis } from "@sortition/redis";
import { NAMESPACE, type WorkerSetup } from "./protocol.js";

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

/** A client of a fleet, and what counts the reads of its configuration. */
export function openFleet(
  { redisUrl, timings, vendorUrl }: WorkerSetup,
  { eligible = true }: { readonly eligible?: boolean } = {},
): { readonly client: Client; readonly reads: () => number } {
  const origin = httpOrigin({ apiKey: "bench", baseUrl: vendorUrl });
  const fleet = redis({ redis: redisUrl, origin, namespace: NAMESPACE, eligible, ...timings });
  const client = createClient({ source: fleet, diagnostics: SILENT });
  return { client, reads: () => fleet.status.counters.reads };
}
