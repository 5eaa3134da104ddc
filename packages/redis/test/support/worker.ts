// A process of a fleet under test. It has one client with `redis()`, and reports everything that it
// serves.
import { setTimeout as delay } from "node:timers/promises";
import type { ConfigurationOrigin } from "@sortition/core/internal";
import { type Client, createClient, httpOrigin } from "@sortition/node";
import { report, reportFaults, serve, workerOptions } from "@sortition/test-kit/redis-worker";
import { Cluster, Redis } from "ioredis";
import { type RedisFleet, type RedisFleetOptions, redis } from "../../src/index.js";
import { withStream } from "./stream-vendor.js";
import { timed } from "./timed.js";
import { SCOPE, type WorkerSettings } from "./worker-options.js";

/** Interval of checks of what is served, in addition to those at each change. */
const SAMPLE_MS = 50;

const settings = workerOptions<WorkerSettings>();
reportFaults();
let holdMs = settings.holdMs;
let holdBeforeMs = 0;
let running: { readonly fleet: RedisFleet; readonly client: Client } | null = null;

/** A client that the application owns, with its own listeners. */
const borrowed: Redis | null =
  settings.target.kind === "client" ? new Redis(settings.target.options) : null;
borrowed?.on("error", () => {});
borrowed?.on("message", () => {});

function redisInput(): RedisFleetOptions["redis"] {
  const { target } = settings;
  switch (target.kind) {
    case "url":
      return target.url;
    case "options":
      return target.options;
    case "cluster": {
      const { password, ports, username } = target;
      const nodes = ports.map((port) => ({ host: "127.0.0.1", port }));
      const redisOptions = username === undefined ? {} : { username, password };
      return new Cluster(nodes, { lazyConnect: true, redisOptions });
    }
    case "client":
      if (borrowed === null) throw new Error("no client");
      return borrowed;
  }
}

function origin(): ConfigurationOrigin {
  const { id, requestTimeoutMs, streamUrl, vendorUrl: baseUrl } = settings;
  const headers = { "x-worker": id };
  const http = httpOrigin({ apiKey: "key", baseUrl, headers, requestTimeoutMs });
  const whole = streamUrl === undefined ? http : withStream(http, streamUrl, headers);
  return {
    ...whole,
    scope: SCOPE,
    async fetchOnce(current, context) {
      report("fetching");
      if (holdBeforeMs > 0) await delay(holdBeforeMs);
      const result = await whole.fetchOnce(current, context);
      report("fetched", { kind: result.kind });
      if (holdMs > 0) await delay(holdMs);
      return result;
    },
  };
}

function diagnostics() {
  const at =
    (level: string) =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}): void => {
      // Ticks would fill most of the record.
      if (message !== "tick") report("log", { level, message, facts });
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function start(): void {
  const fleet = redis(timed({ redis: redisInput(), origin: origin(), ...settings.fleet }));
  const client = createClient({
    source: fleet,
    diagnostics: diagnostics(),
    initializationTimeoutMs: 60_000,
  });
  running = { fleet, client };
  watch(fleet, client);
  report("created");
}

/** Reports what is served whenever it changes. */
function watch(fleet: RedisFleet, client: Client): void {
  let last = "";
  const versionOf = (flag: string): number | null =>
    client.status.source === null ? null : client.getIntegerAssignment(flag, "subject", {}, 0);
  const sample = (): void => {
    const { revision } = fleet.status;
    const served = {
      version: versionOf("version") || null,
      echo: versionOf("echo") || null,
      revision: revision === null || revision === undefined ? null : Number(revision),
    };
    const now = JSON.stringify(served);
    if (now === last) return;
    last = now;
    report("served", served);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  timer.unref();
  // The revision is updated at the end of the turn of the change.
  client.on("configuration-changed", () => setImmediate(sample));
  for (const name of ["ready", "stale", "fresh", "error"] as const) {
    client.on(name, () =>
      report(name, { ageMs: client.status.ageMs, source: client.status.source }),
    );
  }
  client.on("closed", () => {
    clearInterval(timer);
    report("closed");
  });
}

function current(): NonNullable<typeof running> {
  if (running === null) throw new Error("not started");
  return running;
}

serve({
  start,
  status: () => {
    const { client, fleet } = current();
    return { fleet: fleet.status, client: client.status };
  },
  refresh: (timeoutMs: number) => current().client.refresh({ timeoutMs }),
  hold: (ms: number) => {
    holdMs = ms;
  },
  holdBefore: (ms: number) => {
    holdBeforeMs = ms;
  },
  /** Blocks the event loop. */
  block: (ms: number) => {
    const endMs = performance.now() + ms;
    while (performance.now() < endMs);
  },
  close: async () => {
    const startMs = performance.now();
    await current().client.close();
    return performance.now() - startMs;
  },
  /** Returns the state of the application's own client. */
  borrowed: async () => {
    if (borrowed === null) throw new Error("no client");
    const ping = await borrowed.ping();
    const names = borrowed.eventNames().map(String).sort();
    return {
      ping,
      status: borrowed.status,
      listeners: Object.fromEntries(names.map((name) => [name, borrowed?.listenerCount(name)])),
      options: JSON.stringify(borrowed.options),
      port: borrowed.stream.localPort,
    };
  },
  /** Closes the channel to the test, so that only the library could keep this process alive. */
  end: () => {
    borrowed?.disconnect();
    process.disconnect();
  },
});

// The channel does not keep the process alive, so this does, until the test ends it.
const holding = setInterval(() => {}, 1_000);
process.once("disconnect", () => clearInterval(holding));
if (!settings.isHeld) start();
report("loaded");
