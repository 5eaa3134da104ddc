import { type Client, createClient, type Diagnostics, httpOrigin } from "@sortition/node";
import { redis } from "@sortition/redis";
import { NAMESPACE, type WorkerSetup } from "./protocol.js";

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

/** A client of a fleet. */
export function openFleet(
  { redisUrl, timings, vendorUrl }: WorkerSetup,
  { eligible = true }: { readonly eligible?: boolean } = {},
): { readonly client: Client } {
  const origin = httpOrigin({ apiKey: "bench", baseUrl: vendorUrl });
  const fleet = redis({ redis: redisUrl, origin, namespace: NAMESPACE, eligible, ...timings });
  return { client: createClient({ source: fleet, diagnostics: SILENT }) };
}
