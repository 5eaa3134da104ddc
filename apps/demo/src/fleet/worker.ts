// One process of the fleet. Serves flags from the shared configuration, and sends reports to the demo.
import { type ConfigurationOrigin, createClient, httpOrigin } from "@sortition/node";
import { redis } from "@sortition/redis";
import { RELEASE_FLAG } from "./payload.js";
import type { WorkerReport } from "./report.js";
import { TIMINGS } from "./timings.js";

const REPORT_EVERY_MS = 100;

const [, , redisUrl = "", vendorUrl = ""] = process.argv;

let requests = 0;
const origin = counted(httpOrigin({ apiKey: "demo", baseUrl: vendorUrl }));
const fleet = redis({ redis: redisUrl, origin, ...TIMINGS });
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const client = createClient({ source: fleet, diagnostics: silent });

client.on("configuration-changed", report);
const timer = setInterval(report, REPORT_EVERY_MS);
report();

process.on("message", (message) => {
  if (message === "close") void close();
});
// The demo has ended.
process.on("disconnect", () => process.exit());

async function close(): Promise<void> {
  clearInterval(timer);
  await client.close();
  process.disconnect();
}

function report(): void {
  const { ageMs, revision, role } = fleet.status;
  const release = client.getIntegerAssignment(RELEASE_FLAG, "worker", {}, 0);
  const message: WorkerReport = { role, revision, ageMs, release, requests };
  process.send?.(message, () => {}); // the demo may have ended
}

function counted(inner: ConfigurationOrigin): ConfigurationOrigin {
  return {
    dialect: inner.dialect,
    scope: inner.scope,
    requestTimeoutMs: inner.requestTimeoutMs,
    fetchOnce(current, options) {
      requests += 1;
      return inner.fetchOnce(current, options);
    },
    release: () => inner.release?.(),
  };
}
