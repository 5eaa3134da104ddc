import { Writable } from "node:stream";
import { Worker } from "node:worker_threads";
import { afterAll, afterEach, expect } from "vitest";
import { createLog } from "../src/command/log.js";
import { urlOf } from "../src/config/listen.js";
import { readConfig } from "../src/config/read-config.js";
import { LOADED } from "../src/history/revision-thread.js";
import { type Relay, type RelayOptions, startRelay } from "../src/lifecycle/relay.js";

const closing: (() => Promise<unknown>)[] = [];

/** Calls a function after the test, in reverse order of registration. */
export function later(close: () => Promise<unknown>): void {
  closing.push(close);
}

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A thread whose relay has ended. The next relay of the file uses it, because loading its modules is the dearest part of many tests. */
let idle: Worker | null = null;
afterAll(() => void idle?.terminate());

function startThread(): Worker {
  // Uses the built file, because Node cannot run TypeScript in a worker.
  const worker = idle ?? new Worker(new URL("../dist/worker.js", import.meta.url));
  if (idle !== null) setImmediate(() => worker.emit("message", LOADED));
  idle = null;
  let isBusy = true;
  worker.on("message", () => {
    isBusy = false;
  });
  return Object.assign(worker, {
    postMessage(message: unknown) {
      isBusy = true;
      Worker.prototype.postMessage.call(worker, message);
    },
    async terminate() {
      if (isBusy || idle !== null) return await Worker.prototype.terminate.call(worker);
      for (const name of ["message", "error", "exit"]) worker.removeAllListeners(name);
      idle = worker;
      return 0;
    },
  });
}

/** Environment variables with the secrets of test configurations. */
export const VARIABLES = {
  KEY: "vendor-key-4711",
  SECRET: "vendor-secret-4712",
  COHORT_API: "analytics-api-4713",
  COHORT_SECRET: "analytics-secret-4714",
  WEBHOOK: "webhook-secret-4715",
  PASSWORD: "admin-password-4716",
  PROJECT: "phc_project",
  PAGE_TOKEN: "srt_page-4717",
  SERVER_TOKEN: "srt_server-4718",
  ATTRIBUTE: "attribute-4720@shop.example",
  TICKETS: "ticket-key-4719-of-at-least-32-bytes",
};

/** Texts that must not occur in a log, a metric, a status or an error. */
const SECRETS = Object.entries(VARIABLES).map(([, value]) => value);
const QUERY = /[?&](apiKey|token|lastModified|v|ticket|revision)=/;

/** Fails if a text contains a secret. Every test relay is checked when it ends. */
export function expectNoSecret(text: string): void {
  expect(SECRETS.filter((it) => text.includes(it))).toEqual([]);
  expect(text).not.toMatch(QUERY);
}

/** Returns everything that operators and Prometheus can read from a relay. */
async function shownTo(
  { adminAddress }: Relay,
  { admin }: { readonly [name: string]: unknown },
): Promise<string> {
  const { password } = (admin ?? {}) as { readonly password?: unknown };
  const basic = Buffer.from(`:${VARIABLES.PASSWORD}`).toString("base64");
  const headers = password === undefined ? {} : { authorization: `Basic ${basic}` };
  const texts = ["metrics", "status"].map(async (it) => {
    const answer = await fetch(`${urlOf(adminAddress)}/${it}`, { headers });
    expect(answer.status).toBe(200);
    return await answer.text();
  });
  return (await Promise.all(texts)).join("");
}

/** A relay in a test, with its log. */
export interface TestRelay extends Relay {
  readonly url: string;
  readonly log: readonly string[];
}

/** Starts a relay on free ports, which ends after the test. Waits until it is ready, unless `waits` is false. */
export async function relayOf(
  content: { readonly environments: readonly object[]; readonly [name: string]: unknown },
  { waits = true, ...options }: RelayOptions & { readonly waits?: boolean } = {},
): Promise<TestRelay> {
  const log: string[] = [];
  const destination = new Writable({
    write(chunk, _, done) {
      log.push(String(chunk));
      done();
    },
  });
  const own = { listen: 0, admin: { listen: 0 }, drainMs: 0 };
  const config = readConfig({ ...own, ...content }, { variables: VARIABLES });
  const relay = await startRelay(config, createLog("debug", destination), {
    ...{ ...options, startThread },
  });
  let ended: Promise<number> | null = null;
  const end = async (): Promise<number> => {
    const shown = await shownTo(relay, content);
    const lost = await relay.close();
    expectNoSecret(`${shown}${log.join("")}`);
    return lost;
  };
  const close = (): Promise<number> => {
    ended ??= end();
    return ended;
  };
  later(close);
  if (waits) await Promise.all(relay.environments.map((it) => it.waitUntilReady()));
  return { ...relay, close, url: urlOf(relay.address), log };
}

/** Vendors whose SDKs are tested. */
export type VendorName = "Eppo" | "GrowthBook" | "Amplitude" | "PostHog";

/** Returns an environment of each vendor with a server at this URL. */
export const ENVIRONMENTS: Readonly<Record<VendorName, (url: string) => object>> = {
  Eppo: (url: string) => ({
    name: "eppo",
    dialect: "eppo",
    source: { apiKey: { env: "KEY" }, baseUrl: url },
  }),
  GrowthBook: (url: string) => ({
    name: "growthbook",
    dialect: "growthbook",
    source: { clientKey: { env: "KEY" }, apiHost: url },
  }),
  Amplitude: (url: string) => ({
    name: "amplitude",
    dialect: "amplitude",
    source: { deploymentKey: { env: "KEY" }, serverUrl: url },
  }),
  PostHog: (url: string) => ({
    name: "posthog",
    dialect: "posthog",
    source: {
      projectApiKey: VARIABLES.PROJECT,
      secretKey: { env: "KEY" },
      host: url,
    },
  }),
};
