// A program that starts a client, evaluates once, and ends without closing it.
import { createClient, httpOrigin, init } from "@sortition/node";
import { report, workerOptions } from "@sortition/test-kit/redis-worker";
import { redis } from "../../src/index.js";
import { timed } from "./timed.js";

const { fleet, start, url, vendorUrl } = workerOptions<{
  readonly url: string;
  readonly vendorUrl: string;
  readonly start: "init" | "wait";
  readonly fleet: Readonly<Record<string, unknown>>;
}>();
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const origin = httpOrigin({ apiKey: "key", baseUrl: vendorUrl });
const options = {
  source: redis(timed({ redis: url, origin, ...fleet })),
  diagnostics: silent,
  initializationTimeoutMs: 10_000,
};
const client = start === "init" ? await init(options) : createClient(options);
if (start === "wait") await client.waitForInitialization();
report("evaluated", { version: client.getIntegerAssignment("version", "subject", {}, 0) });
