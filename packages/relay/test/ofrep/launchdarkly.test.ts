import { OpenFeature } from "@openfeature/server-sdk";
import { Configuration, createClient } from "@sortition/core";
import { contextOfKinds, KIND_FLAGS } from "@sortition/dialect-kit/openfeature";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { SortitionProvider } from "@sortition/openfeature";
import { seededRandom } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { answerOf } from "../../src/endpoints/ofrep/answer.js";
import { readContext } from "../../src/endpoints/request.js";
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

  it("returns the provider's values and errors for 1,000 contexts, and names what it left out", async () => {
    const dialect = launchdarkly();
    const text = JSON.stringify({ flags: KIND_FLAGS, segments: {} });
    const payloads = { flags: new TextEncoder().encode(text) };
    const client = createClient({
      initialConfiguration: Configuration.from({ dialect, payloads }),
      assignmentLogger: null,
      diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const provider = new SortitionProvider(client);
    await OpenFeature.setProviderAndWait("launchdarkly", provider);
    const facts = { dialect, isStale: false, isBulk: false };
    const random = seededRandom(20_261_128);
    let named = 0;
    for (let i = 0; i < 1_000; i++) {
      const context = contextOfKinds(random);
      const reading = readContext({ context }, dialect);
      const theirs = await provider.resolveStringEvaluation("parts", "default", context as never);
      const about = JSON.stringify(context);
      if (reading.kind === "bad") {
        // Only here, a targeting key must be a string.
        expect([typeof context["targetingKey"], theirs.reason], about).toEqual(["number", "ERROR"]);
        continue;
      }
      const own = answerOf(client, "parts", reading.subject, facts);
      if ("errorCode" in own) expect(own.errorCode, about).toBe(theirs.errorCode);
      else
        expect([own.value ?? "default", own.variant], about).toEqual([
          theirs.value,
          theirs.variant,
        ]);
      const { leftOut = [] } = reading.subject;
      if (leftOut.length > 0) {
        named += 1;
        expect(own.metadata?.["leftOut"], about).toBe(leftOut.join(", "));
      }
    }
    expect(named).toBeGreaterThan(50);
    await OpenFeature.clearProviders();
  });
});
