import { afterEach, describe, expect, it, vi } from "vitest";
import { mostPolls, Verdict } from "./verdict.js";

describe("mostPolls", () => {
  it.each([
    { windowMs: 2_000, deaths: 0, most: 1 },
    { windowMs: 2_001, deaths: 0, most: 2 },
    { windowMs: 9_000, deaths: 1, most: 6 },
  ])("is $most in $windowMs ms with $deaths deaths", ({ deaths, most, windowMs }) => {
    expect(mostPolls(windowMs, 2_000, deaths)).toBe(most);
  });
});

describe("a verdict", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("collects values that exceed their bound, and values that are not a number", () => {
    const verdict = new Verdict();
    expect(verdict.atMost("requests", 1, 1)).toBe("1 (bound 1)");
    verdict.atMost("requests", 2, 1);
    verdict.within("fail-over", Number.NaN, 1_000);
    verdict.end();
    expect(verdict.broken).toEqual(["requests: 2 (bound 1)", "fail-over: NaN ms (bound 1000)"]);
  });

  it("adds the delays of the machine once, and prints them", () => {
    vi.useFakeTimers();
    const verdict = new Verdict();
    const { performance } = globalThis;
    const now = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => now + 100 + 20);
    vi.advanceTimersByTime(20);
    expect(verdict.within("a change", 400, 250)).toMatch(
      /^400 ms \(bound 250 \+ \d{3} for a busy machine\)$/,
    );
    expect(verdict.broken).toEqual([]);
    verdict.within("a change", 400, 250);
    expect(verdict.broken).toHaveLength(1);
    verdict.end();
    vi.restoreAllMocks();
  });
});
