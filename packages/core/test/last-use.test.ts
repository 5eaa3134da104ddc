import { describe, expect, it } from "vitest";
import { eppo } from "../src/eppo.js";
import { createClient, lastUse } from "../src/index.js";
import { observedEvaluation } from "../src/internal.js";
import { Configuration } from "./eppo-client.js";

const everybody = [{ shards: [], variationKey: "on" }];
const FLAG = {
  key: "checkout",
  enabled: true,
  variationType: "STRING",
  totalShards: 10_000,
  variations: { on: { key: "on", value: "yes" } },
  allocations: [{ key: "all", splits: everybody, doLog: true }],
};

function configurationOf(flags: object): Configuration {
  return Configuration.from({
    flagsConfiguration: JSON.stringify({
      createdAt: "2025-12-31T00:00:00.000Z",
      format: "SERVER",
      environment: { name: "Test" },
      flags,
    }),
  });
}

function usedClient(flags: object = { checkout: FLAG }) {
  let nowMs = 1_000;
  const use = lastUse({ clock: { now: () => nowMs } });
  const client = createClient({
    dialect: eppo(),
    initialConfiguration: configurationOf(flags),
    assignmentLogger: null,
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    onEvaluation: use.observe,
  });
  const evaluate = (key: string): string =>
    client.getStringAssignment(key, "user-1", {}, "default");
  const at = (ms: number): void => {
    nowMs = ms;
  };
  return { client, use, evaluate, at };
}

describe("lastUse", () => {
  it("remembers the time of the last evaluation, and counts variations", () => {
    const { at, evaluate, use } = usedClient();
    evaluate("checkout");
    at(5_000);
    evaluate("checkout");
    expect(use.flags().get("checkout")).toEqual({
      flagKey: "checkout",
      lastEvaluatedAtMs: 5_000,
      lastNamedAtMs: 5_000,
      evaluations: 2,
      variations: [{ variation: "on", evaluations: 2 }],
      isKnown: true,
    });
  });

  it("distinguishes named flags from flags of bulk calls", () => {
    const { at, client, use } = usedClient();
    const request = { flagKey: "checkout", subjectKey: "user-1" };
    client.evaluate({ ...request, isBulk: true });
    expect(use.flags().get("checkout")).toMatchObject({ lastNamedAtMs: null, evaluations: 1 });
    at(2_000);
    client.evaluate(request);
    at(3_000);
    client.evaluate({ ...request, isBulk: true });
    const seen = { lastNamedAtMs: 2_000, lastEvaluatedAtMs: 3_000 };
    expect(use.flags().get("checkout")).toMatchObject(seen);
  });

  it("has no entry for flags that were never evaluated", () => {
    expect(usedClient().use.flags().size).toBe(0);
  });

  it("treats keys that a server did not resolve as unknown", () => {
    const use = lastUse();
    const nothing = { value: undefined, isDefault: true, isExposure: false };
    const common = { ...nothing, subjectKey: "", dialect: "posthog" };
    for (let i = 0; i < 200; i++) {
      const unresolved = { ...common, reason: "unresolved" as const };
      use.observe(observedEvaluation({ ...unresolved, flagKey: `key-${i}` }));
      use.observe(
        observedEvaluation({ ...unresolved, flagKey: `flag-${i}`, configurationRevision: "r" }),
      );
    }
    const seen = [...use.flags().values()];
    expect(seen.filter(({ isKnown }) => isKnown)).toHaveLength(200);
    expect(seen.filter(({ isKnown }) => !isKnown)).toHaveLength(100);
  });

  it("keeps the 100 unknown keys that were evaluated last, and all known ones", () => {
    const { evaluate, use } = usedClient();
    evaluate("checkout");
    evaluate("unknown-0");
    evaluate("unknown-1");
    for (let i = 2; i < 100; i++) evaluate(`unknown-${i}`);
    evaluate("unknown-0"); // evaluated again, so that unknown-1 is now the oldest
    evaluate("unknown-100");
    const keys = [...use.flags().keys()];
    expect(keys).toHaveLength(101);
    expect(keys).toContain("unknown-0");
    expect(keys).not.toContain("unknown-1");
    expect(use.flags().get("unknown-0")).toMatchObject({ isKnown: false, evaluations: 2 });
  });

  it("includes evaluations from before a flag existed", async () => {
    const { client, evaluate, use } = usedClient({});
    evaluate("checkout");
    client.setConfiguration(configurationOf({ checkout: FLAG }));
    evaluate("checkout");
    expect(use.flags().get("checkout")).toMatchObject({
      isKnown: true,
      evaluations: 2,
      variations: [
        { variation: null, evaluations: 1 },
        { variation: "on", evaluations: 1 },
      ],
    });
  });

  it("refuses unknown options", () => {
    expect(() => lastUse({ limit: 5 } as never)).toThrow(/limit/);
  });
});
