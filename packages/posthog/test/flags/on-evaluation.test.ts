import { afterEach, describe, expect, it } from "vitest";
import { type ObservedEvaluation, PostHog, type PostHogOptions } from "../../src/index.js";
import { FlagServer, type FlagServerOptions } from "../client/flag-server.js";

const people = (properties: object[], more: object = {}): object => ({
  groups: [{ properties, rollout_percentage: 100, ...more }],
});
const DEFINITIONS = {
  flags: [
    { id: 1, key: "on", active: true, filters: people([]) },
    { id: 2, key: "disabled", active: false, filters: people([]) },
    {
      id: 3,
      key: "variants",
      active: true,
      filters: {
        ...people([]),
        multivariate: { variants: [{ key: "blue", rollout_percentage: 100 }] },
      },
    },
    {
      id: 4,
      key: "server-only",
      active: true,
      ensure_experience_continuity: true,
      filters: people([]),
    },
  ],
  group_type_mapping: {},
  cohorts: {},
};
const REMOTE = {
  flags: {
    "server-only": {
      key: "server-only",
      enabled: true,
      variant: "remote",
      reason: { code: "condition_match", description: "Matched" },
      metadata: { id: 4, version: 1, payload: null, has_experiment: false },
    },
  },
  errorsWhileComputingFlags: false,
};
const open: PostHog[] = [];

afterEach(async () => {
  for (const client of open.splice(0)) await client.shutdown();
});

async function observed(answers: FlagServerOptions, options: PostHogOptions = {}) {
  const seen: ObservedEvaluation[] = [];
  const server = new FlagServer(answers);
  const client = new PostHog("phc_key", {
    fetch: server.fetch as never,
    personalApiKey: "phx_key",
    featureFlagsRequestMaxRetries: 0,
    flushAt: 1_000,
    disableCompression: true,
    fetchRetryCount: 0,
    onEvaluation: (evaluation) => void seen.push(evaluation),
    ...options,
  });
  open.push(client);
  client.on("error", () => {});
  await client.waitForLocalEvaluationReady(1_000);
  return { client, seen, server };
}

const LOCAL: FlagServerOptions = { definitions: DEFINITIONS, flags: REMOTE };

describe("onEvaluation of PostHog", () => {
  it("receives the complete result of a local flag", async () => {
    const { client, seen } = await observed(LOCAL);
    await client.getFeatureFlag("variants", "alice");
    expect(seen).toEqual([
      {
        flagKey: "variants",
        subjectKey: "alice",
        value: "blue",
        variation: "blue",
        allocation: expect.any(String),
        action: null,
        isDefault: false,
        reason: expect.stringMatching(/static|split/),
        errorCode: null,
        configurationRevision: expect.any(String),
        environment: null,
        dialect: "posthog",
        isExposure: true,
        isBulk: false,
        isPrerequisite: false,
      },
    ]);
  });

  it("receives flags that are disabled, unknown, or evaluated by the server", async () => {
    const { client, seen } = await observed(LOCAL);
    await client.isFeatureEnabled("disabled", "alice");
    await client.getFeatureFlagResult("server-only", "alice");
    await client.getFeatureFlag("absent", "alice");
    expect(
      seen.map(({ isDefault, isExposure, reason, value }) => [
        reason,
        value,
        isDefault,
        isExposure,
      ]),
    ).toEqual([
      ["disabled", false, false, true],
      ["assigned", "remote", false, false],
      ["flag-not-found", undefined, true, false],
    ]);
  });

  it("receives a flag that only the server could decide if the server fails", async () => {
    const { client, seen } = await observed({ ...LOCAL, flags: 500 });
    await client.getFeatureFlag("server-only", "alice");
    await client.getFeatureFlag("absent", "alice");
    const unresolved = { reason: "unresolved", value: undefined };
    expect(seen).toMatchObject([
      { ...unresolved, configurationRevision: expect.any(String) },
      { ...unresolved, configurationRevision: null },
    ]);
  });

  it("receives the reason that there are no definitions yet", async () => {
    const { client, seen } = await observed(
      { definitionsStatus: 500 },
      { strictLocalEvaluation: true },
    );
    await client.getFeatureFlag("on", "alice");
    expect(seen).toMatchObject([{ reason: "not-initialized" }]);
  });

  it("receives each flag of getAllFlags and evaluateFlags as a bulk evaluation", async () => {
    const { client, seen } = await observed(LOCAL);
    await client.getAllFlags("alice");
    const all = seen.splice(0);
    await client.evaluateFlags("alice");
    expect(seen).toEqual(all);
    expect(all.every(({ isBulk }) => isBulk)).toBe(true);
    expect(all.map(({ flagKey, value }) => [flagKey, value])).toEqual([
      ["on", true],
      ["disabled", false],
      ["variants", "blue"],
      ["server-only", "remote"],
    ]);
    seen.length = 0;
    await client.evaluateFlags("alice", { flagKeys: ["on", "absent"] });
    expect(seen.map(({ flagKey, reason }) => [flagKey, reason])).toEqual([
      ["on", "static"],
      ["absent", "flag-not-found"],
    ]);
  });

  it("receives the flags of calls that reject because the request cannot be serialized", async () => {
    const { client, seen } = await observed(LOCAL);
    const options = { personProperties: { big: 1n as never } };
    await client.getFeatureFlag("server-only", "alice", options).catch(() => {});
    await client.getAllFlags("alice", { ...options, flagKeys: ["server-only"] }).catch(() => {});
    await client.evaluateFlags("alice", { ...options, flagKeys: ["absent"] }).catch(() => {});
    const failed = { reason: "error", value: undefined };
    expect(seen).toMatchObject([
      { ...failed, flagKey: "server-only", isBulk: false },
      { ...failed, flagKey: "server-only", isBulk: true },
      { ...failed, flagKey: "absent", isBulk: true },
    ]);
  });

  it("receives the flags of an event that is captured with flags", async () => {
    const { client, seen } = await observed(LOCAL);
    client.capture({ distinctId: "alice", event: "bought", sendFeatureFlags: true });
    await client.flush();
    expect(seen.map(({ flagKey }) => flagKey)).toContain("on");
  });

  it("marks overrides", async () => {
    const { client, seen } = await observed(LOCAL);
    client.overrideFeatureFlags({ on: "mine" });
    await client.getFeatureFlag("on", "alice");
    await client.evaluateFlags("alice", { flagKeys: ["on"] });
    expect(seen.map(({ reason, value, variation }) => [reason, value, variation])).toEqual([
      ["override", "mine", "mine"],
      ["override", "mine", "mine"],
    ]);
  });

  it("does not observe evaluations by an observer, although they end later", async () => {
    const seen: string[] = [];
    const evaluating: Promise<unknown>[] = [];
    const { client } = await observed(LOCAL, {
      onEvaluation({ flagKey }) {
        seen.push(flagKey);
        if (seen.length > 9) throw new Error("an endless loop");
        evaluating.push(client.getAllFlags("alice"), client.getFeatureFlag("on", "alice"));
        evaluating.push(client.evaluateFlags("alice"));
      },
    });
    await client.getFeatureFlag("variants", "alice");
    await Promise.all(evaluating);
    await client.getFeatureFlag("disabled", "alice");
    await Promise.all(evaluating);
    expect(seen).toEqual(["variants", "disabled"]);
  });

  it("rejects a value that is not a function", () => {
    const create = (): PostHog => new PostHog("phc_key", { onEvaluation: 5 as never });
    expect(create).toThrow(/^onEvaluation: expected/);
  });
});
