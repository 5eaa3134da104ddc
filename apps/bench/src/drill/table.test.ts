import { describe, expect, it } from "vitest";
import type { DrillResult } from "./run-drill.js";
import { formatDrill, slowestReturn } from "./table.js";

const SDK = { name: "x", note: "a note" };

const GOOD: DrillResult = {
  sdk: "x",
  fault: "hang",
  looks: 300,
  wrong: 0,
  requests: 12,
  faults: 0,
  recoveryMs: 1_500,
  exitMs: 20,
  failure: null,
};

describe("formatDrill", () => {
  it("shows kept values, requests, recovery time and exit time", () => {
    const results = [GOOD, { ...GOOD, fault: "drip", exitMs: 300 } as const];
    const [head, , row] = formatDrill([SDK], results).split("\n");
    expect(head).toBe("| SDK | hang | drip | 500s | garbage | exit after close |  |");
    const kept = "kept, 12 requests, back after 1.5 s";
    expect(row).toBe(`| \`x\` | ${kept} | ${kept} |  |  | 300 ms | a note |`);
  });

  it("highlights failures", () => {
    const bad = { ...GOOD, wrong: 3, faults: 2, recoveryMs: null, exitMs: null };
    const [, , row] = formatDrill([SDK], [bad]).split("\n");
    expect(row).toContain(
      "**3 of 300 answers lost**, 12 requests, **never back**, **2 unhandled errors**",
    );
    expect(row).toContain("**not within 10 s** (1 of 1)");
    expect(formatDrill([SDK], [{ ...GOOD, failure: "does not start" }])).toContain(
      "**does not start**",
    );
  });
});

describe("slowestReturn", () => {
  const plan = { intervalMs: 100, intervals: 300, recoveryIntervals: 100 };
  const ours = { ...GOOD, sdk: "@sortition/x" };

  it.each([
    { results: [ours, { ...ours, recoveryMs: 1_501 }, GOOD], says: "1.6 seconds at most" },
    { results: [ours, { ...ours, recoveryMs: null }], says: "one of ours did not follow again" },
  ])("$says", ({ results, says }) => {
    expect(slowestReturn(results, plan)).toContain(says);
    expect(slowestReturn(results, plan)).toContain("a poll interval of 0.1 s, after 300 intervals");
  });

  it("ignores other SDKs", () => {
    expect(slowestReturn([GOOD], plan)).toBe("");
  });
});
