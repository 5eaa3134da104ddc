import { seedOr } from "@sortition/dialect-kit/differential";
import { isInPart, isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { FlagServer } from "./flag-server.js";
import {
  DETAILS,
  expectSameFor,
  expectSameForGenerated,
  expectSameOutcome,
  ODD_ANSWERS,
  OURS,
  SCENARIOS,
  silenceConsole,
  THEIRS,
} from "./flags-beside-the-vendor.js";

/** Every 20th odd response. The long test covers all. */
const SOME_ODD_ANSWERS = ODD_ANSWERS.filter((_, i) => i % 20 === 0);

silenceConsole();

describe("flags of the class equal the vendor's", () => {
  it.each(SCENARIOS.filter((_, i) => isInPart(i)))("$name", async (scenario) => {
    await expectSameOutcome(scenario);
  });

  it.each([true, false])(
    "for events of an opted-out client (from the start: %s), although only the vendor requests them",
    async (isFromStart) => {
      const sent: unknown[] = [];
      for (const create of [OURS, THEIRS]) {
        const server = new FlagServer({ flags: DETAILS });
        const client = create({
          fetch: server.fetch,
          defaultOptIn: !isFromStart,
          flushInterval: 0,
        });
        if (!isFromStart) await client.optOut();
        client.capture({ distinctId: "alice", event: "seen", sendFeatureFlags: true });
        await client.captureImmediate({ distinctId: "bob", event: "now", sendFeatureFlags: true });
        await client.shutdown();
        sent.push(server.requests.map(({ path }) => path));
      }
      expect(sent).toEqual([[], ["/flags/?v=2", "/flags/?v=2"]]);
    },
  );

  it.each(SOME_ODD_ANSWERS)("for an odd response: %s", expectSameFor);

  const seed = seedOr(20_251_123);

  const sets = isWhole ? 4 : 1;

  it(`with ${sets} generated sets of definitions (SORTITION_SEED=${seed})`, async () => {
    await expectSameForGenerated(seed, sets);
  });
});
