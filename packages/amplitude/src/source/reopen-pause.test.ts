import { type Failure, HttpStatusError, NetworkError } from "@sortition/core/internal";
import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { reopenPause } from "./reopen-pause.js";

const BROKEN: Failure = {
  kind: "transient",
  error: new NetworkError("it broke", null),
  retryAfterMs: null,
};
const REFUSED: Failure = {
  kind: "unauthorized",
  error: new HttpStatusError(401, null),
  retryAfterMs: null,
};

describe("reopenPause", () => {
  it("returns a short pause after a stream that was up, unless the previous short pause was a moment ago", async () => {
    const clock = createFakeClock();
    const pauseMs = reopenPause(clock, 300_000);
    const lost = { failure: BROKEN, wasUp: true, inARow: 1 };
    expect([pauseMs(lost, 0.5), pauseMs(lost, 0.5)]).toEqual([1_000, 16_000]);
    await clock.advance(15_000);
    expect(pauseMs({ ...lost, failure: REFUSED }, 0)).toBe(0);
    expect(pauseMs({ ...lost, failure: REFUSED }, 0)).toBe(15_000);
  });

  it("spreads the clients over at least a second if the server ends all streams", () => {
    const lost = { failure: BROKEN, wasUp: true, inARow: 1 };
    const pauses = Array.from({ length: 100 }, (_, client) =>
      Number(reopenPause(createFakeClock(), 300_000)(lost, client / 99)),
    );
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
    const tenths = new Set(pauses.map((pause) => Math.floor(pause / 100)));
    expect(tenths.size).toBeGreaterThan(10);
  });

  it("grows to a minute while no stream comes up", () => {
    const pauseMs = reopenPause(createFakeClock(), 300_000);
    const pauses = [1, 2, 3, 4, 900].map((inARow) =>
      pauseMs({ failure: BROKEN, wasUp: false, inARow }, 1),
    );
    expect(pauses).toEqual([17_000, 32_000, 62_000, 62_000, 62_000]);
  });

  it("waits at least as long as the server requests, and long after a refusal", () => {
    const pauseMs = reopenPause(createFakeClock(), 300_000);
    const busy: Failure = { ...BROKEN, retryAfterMs: 120_000 };
    expect(pauseMs({ failure: busy, wasUp: false, inARow: 1 }, 0)).toBe(120_000);
    expect(pauseMs({ failure: REFUSED, wasUp: false, inARow: 1 }, 0)).toBe(300_000);
  });
});
