import { describe, expect, it } from "vitest";
import { relayOf } from "../start.js";
import { askAll, askOne, evaluating } from "./ground.js";

const SHARD = { salt: "half", totalShards: 10_000, ranges: [{ start: 0, end: 10_000 }] };

function flag(key: string, shards: readonly object[]): object {
  return {
    ...{ key, enabled: true, variationType: "STRING" },
    variations: { on: { key: "on", value: "dark" } },
    allocations: [{ key: "all", splits: [{ variationKey: "on", shards }], doLog: true }],
  };
}

const PAYLOAD = {
  data: {
    type: "universal-flag-configuration",
    attributes: {
      format: "SERVER",
      environment: { name: "production" },
      flags: { theme: flag("theme", []), split: flag("split", [SHARD]) },
    },
  },
};

describe("remote evaluation of Datadog's flags", () => {
  it.each([
    { context: { targetingKey: "alice" }, split: { value: "dark", reason: "SPLIT" } },
    { context: { targetingKey: "" }, split: { value: "dark", reason: "SPLIT" } },
    { context: {}, split: { errorCode: "TARGETING_KEY_MISSING" } },
  ])("evaluates $context as the vendor does", async ({ context, split }) => {
    const relay = await relayOf({ environments: [evaluating("datadog", PAYLOAD)] });
    const one = await askOne(relay.url, "theme", context);
    expect(await one.json()).toMatchObject({ key: "theme", value: "dark", reason: "STATIC" });
    const other = await askOne(relay.url, "split", context);
    expect(await other.json()).toMatchObject({ key: "split", ...split });
    const all = (await (await askAll(relay.url, context)).json()) as { flags: object[] };
    expect(all.flags).toHaveLength(2);
  });
});
