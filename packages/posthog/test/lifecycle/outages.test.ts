import { HttpTransport } from "@sortition/node/kit";
import { createFakeClock, type FakeClock, signalListeners } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { posthog } from "../../src/dialect/factory.js";
import { LocalFlags } from "../../src/flags/local-flags.js";
import { requestFlags } from "../../src/flags/remote-flags.js";
import { createShutdownController } from "../../src/http/closing.js";
import { createRequester, type FetchOption } from "../../src/http/requester.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const HOUR_MS = 3_600_000;

/** Local flags whose server answers with one flag, or with this status. */
function createFlags(clock: FakeClock, statusOf: () => number, onLoaded = (): void => {}) {
  const flag = { id: 1, key: "a", active: true, filters: { groups: [{}] } };
  const body = { flags: [flag], group_type_mapping: {}, cohorts: {} };
  return new LocalFlags({
    settings: {
      host: "https://flags.example",
      projectApiKey: "phc_key",
      secretKey: "phs_key",
      requestTimeoutMs: 10_000,
      headers: {},
      provider: null,
    },
    dialect: posthog({ projectApiKey: "phc_key" }),
    pollIntervalMs: 30_000,
    isStrictlyLocal: false,
    clock,
    diagnostics: SILENT,
    async request() {
      const bytes = Buffer.from(JSON.stringify(body));
      return { status: statusOf(), header: () => null, bytes };
    },
    onLoaded,
    onError() {},
  });
}

it("lifecycle §7 fault 11: definitions are asked for at their pace for ten hours, and loaded within a minute", async () => {
  const clock = createFakeClock();
  let status = 500;
  let attempts = 0;
  const flags = createFlags(clock, () => {
    attempts += 1;
    return status;
  });
  await clock.advance(10 * HOUR_MS);
  expect(attempts).toBeGreaterThan(500);
  expect(attempts).toBeLessThanOrEqual(1_400);
  expect(flags.isReady).toBe(false);
  status = 200;
  await clock.advance(60_000);
  expect(flags.isReady).toBe(true);
  await flags.close(0);
});

it("lifecycle §7 fault 16: equal bytes without an ETag are compiled once, and told each time", async () => {
  const clock = createFakeClock();
  let told = 0;
  const flags = createFlags(
    clock,
    () => 200,
    () => {
      told += 1;
    },
  );
  await clock.advance(1);
  const { configuration } = flags;
  expect(configuration).not.toBeNull();
  for (let i = 0; i < 10; i++) {
    await clock.advance(1_000);
    await flags.load();
    expect(flags.configuration).toBe(configuration);
    expect(flags.loadedAtMs).toBe(clock.now());
  }
  expect(told).toBe(11);
  await flags.close(0);
});

it("lifecycle §7 fault 37: 20,000 requests for flags, half of them timed out, leave no listener and no timer", async () => {
  const clock = createFakeClock();
  const { signal } = createShutdownController();
  let count = 0;
  const fetch: FetchOption = async (_url, { signal: ended }) => {
    if (count++ % 2 === 0)
      return { status: 200, text: async () => '{"flags":{}}', json: null as never };
    return new Promise((_, reject) => {
      ended?.addEventListener("abort", () => reject(ended.reason));
    });
  };
  const send = createRequester(new HttpTransport(), () => fetch, clock);
  const settings = {
    host: "https://flags.example",
    projectApiKey: "phc_key",
    timeoutMs: 3_000,
    maxRetries: 0,
    retryDelayMs: 0,
    evaluationContexts: [],
    headers: {},
  };
  const person = { distinctId: "anna", groups: {}, personProperties: {}, groupProperties: {} };
  const ask = (): Promise<unknown> =>
    requestFlags(
      settings,
      { ...person, disableGeoip: true, flagKeys: undefined },
      { clock, send, signal },
    ).then(
      () => "answered",
      (error: { readonly code: string }) => error.code,
    );
  const outcomes = new Map<unknown, number>();
  for (let i = 0; i < 100; i++) {
    const asked = Array.from({ length: 200 }, ask);
    await clock.advance(3_000);
    for (const it of await Promise.all(asked)) outcomes.set(it, (outcomes.get(it) ?? 0) + 1);
  }
  expect(Object.fromEntries(outcomes)).toEqual({ answered: 10_000, SORTITION_TIMEOUT: 10_000 });
  expect(signalListeners(signal)).toBe(0);
  expect(clock.pending).toHaveLength(0);
});
