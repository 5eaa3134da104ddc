import { type Failure, NetworkError } from "@sortition/core/internal";
import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { streamPlan } from "./stream-plan.js";

const failure: Failure = {
  kind: "transient",
  error: new NetworkError("lost", null),
  retryAfterMs: null,
};

describe("streamPlan", () => {
  it.each([
    { lastsMs: 0, pauses: [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] },
    { lastsMs: 60_000, pauses: [1_000, 1_000, 1_000] },
  ])(
    "pauses for $pauses ms between connections that deliver everything and are lost after $lastsMs ms",
    async ({ lastsMs, pauses }) => {
      const clock = createFakeClock();
      const plan = streamPlan({ url: new URL("http://launchdarkly.test/all") }, clock);
      const chosen: (number | null)[] = [];
      for (const _ of pauses) {
        await clock.advance(lastsMs);
        const pauseMs = plan.reopenMs({ failure, wasUp: true, inARow: 1 }, 0);
        chosen.push(pauseMs);
        await clock.advance(pauseMs ?? 0);
      }
      expect(chosen).toEqual(pauses);
    },
  );
});
