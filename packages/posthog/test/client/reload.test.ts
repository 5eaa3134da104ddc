import { describe, expect, it } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";
import { FlagServer } from "./flag-server.js";

const definitions = (share: number): object => {
  const groups = [{ properties: [], rollout_percentage: share }];
  return { flags: [{ id: 1, key: "f", active: true, filters: { groups } }] };
};

/** Waits that end when definitions are loaded. */
const WAITS: Readonly<Record<string, (it: PostHog) => Promise<unknown>>> = {
  waitForLocalEvaluationReady: (it) => it.waitForLocalEvaluationReady(),
  "waitForLocalEvaluationReady, during a reload": (it) => {
    void it.reloadFeatureFlags();
    return it.waitForLocalEvaluationReady();
  },
  "waitForLocalEvaluationReady, during an evaluation": (it) => {
    void it.isFeatureEnabled("f", "bob", { onlyEvaluateLocally: true });
    return it.waitForLocalEvaluationReady();
  },
  reloadFeatureFlags: (it) => it.reloadFeatureFlags(),
};

describe("a load of definitions is over before what it promised resolves", () => {
  it.each(Object.keys(WAITS))("%s, so a reload right after it requests again", async (wait) => {
    const server = new FlagServer({ definitions: definitions(0) });
    const options = { personalApiKey: "phx_key", disableCompression: true, fetch: server.fetch };
    const client = new PostHog("phc_key", options as PostHogOptions);
    try {
      await WAITS[wait]?.(client);
      server.answers = { definitions: definitions(100) };
      await client.reloadFeatureFlags();
      const locally = { onlyEvaluateLocally: true };
      expect(await client.isFeatureEnabled("f", "alice", locally)).toBe(true);
    } finally {
      await client.shutdown();
    }
  });
});
