import { describe, expect, it } from "vitest";
import { relayOf } from "../start.js";
import { askOne, evaluating } from "./ground.js";

const clause = { contextKind: "org", attribute: "key", op: "in", values: ["acme"] };
const PAYLOAD = {
  flags: {
    theme: {
      ...{ key: "theme", version: 1, on: true, salt: "s", variations: ["light", "dark"] },
      rules: [{ id: "acme", variation: 1, clauses: [clause] }],
      fallthrough: { variation: 0 },
    },
  },
  segments: {},
};

describe("remote evaluation of LaunchDarkly's flags", () => {
  it.each([
    { context: { targetingKey: "alice" }, value: "light", reason: "UNKNOWN" },
    { context: { targetingKey: "acme", kind: "org" }, value: "dark", reason: "TARGETING_MATCH" },
  ])("evaluates $context", async ({ context, reason, value }) => {
    const relay = await relayOf({ environments: [evaluating("launchdarkly", PAYLOAD)] });
    const answer = await askOne(relay.url, "theme", context);
    expect(await answer.json()).toMatchObject({ key: "theme", value, reason });
  });
});
