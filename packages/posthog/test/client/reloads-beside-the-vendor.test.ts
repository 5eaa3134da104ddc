import { describe, expect, it } from "vitest";
import type { PostHog } from "../../src/index.js";
import { FlagServer } from "./flag-server.js";
import { OURS, silenceConsole, THEIRS } from "./flags-beside-the-vendor.js";

const definitions = (share: number): object => {
  const groups = [{ properties: [], rollout_percentage: share }];
  return { flags: [{ id: 1, key: "f", active: true, filters: { groups } }] };
};
const LOCALLY = { onlyEvaluateLocally: true };

/** Waits for definitions, in all states of a load. */
const WAITS: Readonly<Record<string, (it: PostHog) => Promise<unknown>>> = {
  waitForLocalEvaluationReady: (it) => it.waitForLocalEvaluationReady(),
  "waitForLocalEvaluationReady, during a reload": (it) => {
    void it.reloadFeatureFlags();
    return it.waitForLocalEvaluationReady();
  },
  "waitForLocalEvaluationReady, during an evaluation": (it) => {
    void it.isFeatureEnabled("f", "bob", LOCALLY);
    return it.waitForLocalEvaluationReady();
  },
  "waitForLocalEvaluationReady, of loaded definitions": async (it) => {
    await it.reloadFeatureFlags();
    return it.waitForLocalEvaluationReady();
  },
  reloadFeatureFlags: (it) => it.reloadFeatureFlags(),
  "an evaluation": (it) => it.isFeatureEnabled("f", "bob", LOCALLY),
  "an evaluation, during a reload": (it) => {
    void it.reloadFeatureFlags();
    return it.isFeatureEnabled("f", "bob", LOCALLY);
  },
  "a listener": (it) => new Promise((resolve) => it.on("localEvaluationFlagsLoaded", resolve)),
  "a listener, of unchanged definitions": async (it) => {
    await it.reloadFeatureFlags();
    void it.reloadFeatureFlags();
    return new Promise((resolve) => it.on("localEvaluationFlagsLoaded", resolve));
  },
  "a listener, during a reload": (it) => {
    void it.reloadFeatureFlags();
    return new Promise((resolve) => it.on("localEvaluationFlagsLoaded", resolve));
  },
};

silenceConsole();

/** Returns whether a reload requests definitions, and what is evaluated after it. */
async function outcomeOf(
  create: typeof OURS,
  wait: (it: PostHog) => Promise<unknown>,
  turns: number,
) {
  const server = new FlagServer({ definitions: definitions(0) });
  const client = create({
    ...{ personalApiKey: "phx_key", disableCompression: true, fetch: server.fetch },
    featureFlagsPollingInterval: 100_000,
  });
  await wait(client);
  for (let turn = 0; turn < turns; turn++) await null;
  server.answers = { definitions: definitions(100) };
  const before = server.definitionsRequests;
  await client.reloadFeatureFlags();
  const outcome = {
    requests: server.definitionsRequests - before,
    isOn: await client.isFeatureEnabled("f", "alice", LOCALLY),
  };
  await client.shutdown();
  return outcome;
}

describe("a reload right after a load requests definitions, or joins the load, as the vendor's does", () => {
  it.each(Object.keys(WAITS).flatMap((wait) => [0, 1, 2, 3, 20].map((turns) => ({ wait, turns }))))(
    "after $wait and $turns turns",
    async ({ turns, wait }) => {
      const of = WAITS[wait] as (it: PostHog) => Promise<unknown>; // it is one of them
      expect(await outcomeOf(OURS, of, turns)).toEqual(await outcomeOf(THEIRS, of, turns));
    },
  );
});
