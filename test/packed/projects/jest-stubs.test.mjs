// Like the tests of the vendors' users: mocks a module, spies on a method, stubs `fetch`, and advances fake timers.
import { Experiment } from "@sortition/amplitude";
import * as eppoSdk from "@sortition/eppo";
import { getInstance, init } from "@sortition/eppo";
import { GrowthBook } from "@sortition/growthbook";
import { Configuration, createClient } from "@sortition/node";
import { PostHog } from "@sortition/posthog";

jest.mock("@sortition/posthog");

const realFetch = globalThis.fetch;
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  globalThis.fetch = realFetch;
});

/** Stubs `fetch` with a function that responds with this body. */
function stubFetch(body) {
  globalThis.fetch = jest.fn(async () => new Response(JSON.stringify(body), { status: 200 }));
  return globalThis.fetch;
}

const flag = {
  ...{ key: "checkout", enabled: true, variationType: "BOOLEAN", totalShards: 10 },
  variations: { on: { key: "on", value: true } },
  allocations: [{ key: "all", doLog: true, splits: [{ variationKey: "on", shards: [] }] }],
};
const eppoFlags = {
  ...{ createdAt: "2026-01-15T09:00:00.000Z", format: "SERVER", environment: { name: "Test" } },
  flags: { checkout: flag },
};

test("jest.mock without a factory creates classes whose methods can be mocked", async () => {
  const client = new PostHog("phc_key");
  client.isFeatureEnabled.mockResolvedValue(true);
  expect(await client.isFeatureEnabled("banner", "user-1")).toBe(true);
  client.capture({ distinctId: "user-1", event: "bought" });
  expect(PostHog.mock.instances[0].capture).toHaveBeenCalledTimes(1);
});

test("a spy on a prototype or a client is called", () => {
  jest.spyOn(GrowthBook.prototype, "isOn").mockReturnValue(true);
  expect(new GrowthBook().isOn("nothing")).toBe(true);
  const client = Experiment.initializeLocal("key");
  jest.spyOn(client, "evaluateV2").mockReturnValue({ banner: { key: "on" } });
  expect(client.evaluateV2({ user_id: "user-1" })).toEqual({ banner: { key: "on" } });
});

test("a spy on a function of a module is called, even if the function was imported by name", () => {
  const stub = { getBooleanAssignment: () => true };
  jest.spyOn(eppoSdk, "getInstance").mockReturnValue(stub);
  expect(getInstance()).toBe(stub);
});

test("a stubbed fetch gets the requests of Eppo and GrowthBook", async () => {
  const eppoFetch = stubFetch(eppoFlags);
  const assignmentLogger = { logAssignment: jest.fn() };
  await init({ apiKey: "key", assignmentLogger });
  expect(getInstance().getBooleanAssignment("checkout", "user-1", {}, false)).toBe(true);
  expect(assignmentLogger.logAssignment).toHaveBeenCalledTimes(1);
  expect(eppoFetch).toHaveBeenCalled();

  const fetch = stubFetch({ features: { banner: { defaultValue: "hello" } } });
  const gb = new GrowthBook({ clientKey: "sdk-1" });
  await gb.init({ timeout: 1_000 });
  expect(gb.getFeatureValue("banner", "")).toBe("hello");
  expect(fetch).toHaveBeenCalledTimes(1);
  gb.destroy();
});

test("under fake timers a client with a configuration evaluates, logs and closes", async () => {
  jest.useFakeTimers();
  const logAssignment = jest.fn();
  const client = createClient({
    initialConfiguration: Configuration.from({ flagsConfiguration: JSON.stringify(eppoFlags) }),
    assignmentLogger: { logAssignment },
  });
  expect(client.getBooleanAssignment("checkout", "user-1", {}, false)).toBe(true);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(logAssignment).toHaveBeenCalledTimes(1);
  await client.close();
});

test("under fake timers a client of PostHog sends its events and shuts down", async () => {
  const actual = jest.requireActual("@sortition/posthog");
  jest.useFakeTimers();
  const fetch = stubFetch({ status: 1 });
  const client = new actual.PostHog("phc_key", { flushInterval: 10_000 });
  client.capture({ distinctId: "user-1", event: "bought" });
  await jest.advanceTimersByTimeAsync(11_000);
  // As with the vendor's client, compressing events takes real time.
  await client.shutdown();
  expect(fetch).toHaveBeenCalledTimes(1);
});
