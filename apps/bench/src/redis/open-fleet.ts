import { createClient, httpOrigin } from "@sortition/node";
import { redis } from "@sortition/redis";
import { SILENT } from "../dialects/native.js";
import { NAMESPACE, type WorkerSetup } from "./protocol.js";

/** Long timings, so that the leader does not change. */
const LEASE = { leaseMs: 5_000, overdueAfterMs: 10_000 };

/** Opens a client of a fleet, and counts the reads of its configuration. */
export function openFleet({ redisUrl, timings, vendorUrl }: WorkerSetup, eligible: boolean) {
  const origin = httpOrigin({ apiKey: "bench", baseUrl: vendorUrl });
  const options = { namespace: NAMESPACE, eligible, ...LEASE, ...timings };
  const fleet = redis({ redis: redisUrl, origin, ...options });
  const client = createClient({ source: fleet, diagnostics: SILENT });
  return { client, reads: () => fleet.status.counters.reads };
}
