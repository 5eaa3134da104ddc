import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { posthog } from "../../src/dialect/factory.js";
import { LocalFlags } from "../../src/flags/local-flags.js";
import { expectNothingLeft } from "./timed-out-requests.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const HOUR_MS = 3_600_000;

/** Creates local flags with a server that responds with one flag or this status. */
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

it("lifecycle §7 fault 11: definitions are polled at their usual pace for ten hours and then loaded within a minute", async () => {
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

it("lifecycle §7 fault 16: equal bytes without an ETag are compiled once, but reported each time", async () => {
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

it("lifecycle §7 fault 37: 2,000 flag requests, half of which time out, leave no listener and no timer", async () => {
  await expectNothingLeft(2_000);
});
