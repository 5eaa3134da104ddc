import { OptionError } from "@sortition/core/internal";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Timings } from "../settings.js";
import { checkOptions as checkTimings } from "./settings.js";

type Given = Partial<
  Record<"pollIntervalMs" | "leaseMs" | "commandTimeoutMs" | "overdueAfterMs" | "claimMs", number>
>;
const check = ({ commandTimeoutMs, pollIntervalMs, ...timings }: Given): Timings =>
  checkTimings({
    redis: "redis://localhost",
    namespace: "n",
    commandTimeoutMs,
    pollIntervalMs,
    timings,
  });

function fits({ claimMs, commandTimeoutMs, leaseMs, overdueAfterMs }: Timings): boolean {
  return (
    leaseMs >= 3 * commandTimeoutMs && overdueAfterMs >= 1.5 * leaseMs && claimMs > leaseMs / 3
  );
}

describe("checkTimings", () => {
  it.each<{ given: Given; derived: Partial<Timings> }>([
    {
      given: {},
      derived: {
        leaseMs: 15_000,
        commandTimeoutMs: 1_000,
        overdueAfterMs: 30_000,
        claimMs: 12_000,
      },
    },
    {
      given: { pollIntervalMs: 1_000 },
      derived: { leaseMs: 750, commandTimeoutMs: 250, overdueAfterMs: 1_125, tickMs: 333 },
    },
    { given: { pollIntervalMs: 4_000 }, derived: { leaseMs: 2_000, commandTimeoutMs: 666 } },
    {
      given: { pollIntervalMs: 1_000, commandTimeoutMs: 1_000 },
      derived: { leaseMs: 3_000, overdueAfterMs: 4_500 },
    },
    { given: { leaseMs: 600 }, derived: { commandTimeoutMs: 200, overdueAfterMs: 30_000 } },
    { given: { leaseMs: 90_000 }, derived: { overdueAfterMs: 135_000, claimMs: 30_001 } },
    { given: { overdueAfterMs: 3_000 }, derived: { leaseMs: 2_000, commandTimeoutMs: 666 } },
    { given: { claimMs: 1_000 }, derived: { leaseMs: 2_999, commandTimeoutMs: 999 } },
  ])("derives $derived from $given", ({ derived, given }) => {
    expect(check(given)).toMatchObject({ ...given, ...derived });
  });

  it.each<{ given: Given; message: string }>([
    {
      given: { leaseMs: 500, commandTimeoutMs: 1_000 },
      message:
        "commandTimeoutMs: expected at most a third of timings.leaseMs 500, got 1000. Set commandTimeoutMs to 166 or less.",
    },
    {
      given: { leaseMs: 5_000, overdueAfterMs: 5_000 },
      message:
        "timings.overdueAfterMs: expected at least 1.5 × timings.leaseMs 5000, got 5000. Set timings.overdueAfterMs to 7500 or more.",
    },
    {
      given: { commandTimeoutMs: 2_000, overdueAfterMs: 5_000 },
      message:
        "timings.overdueAfterMs: expected at least 4.5 × commandTimeoutMs 2000, got 5000. Set timings.overdueAfterMs to 9000 or more.",
    },
    {
      given: { leaseMs: 15_000, claimMs: 5_000 },
      message:
        "timings.claimMs: expected more than a third of timings.leaseMs 15000, got 5000. Set timings.claimMs to 5001 or more.",
    },
    {
      given: { commandTimeoutMs: 3_000, claimMs: 2_000 },
      message:
        "timings.claimMs: expected more than commandTimeoutMs 3000, got 2000. Set timings.claimMs to 3001 or more.",
    },
  ])("rejects $given, and suggests a value that is valid", ({ given, message }) => {
    expect(() => check(given)).toThrow(message);
  });

  it("names only given options in errors, and leads to a valid set within three corrections", () => {
    const ms = fc.option(fc.integer({ min: 150, max: 100_000 }), { nil: undefined });
    const combination = fc.record({
      pollIntervalMs: ms,
      leaseMs: ms,
      commandTimeoutMs: ms,
      overdueAfterMs: ms,
      claimMs: ms,
    });
    fc.assert(
      fc.property(combination, (drawn) => {
        const given: Given = Object.fromEntries(
          Object.entries(drawn).filter(([, value]) => value !== undefined),
        );
        // At most one correction for each of the three rules.
        for (let i = 0; i <= 3; i++) {
          try {
            expect(fits(check(given))).toBe(true);
            return;
          } catch (error) {
            if (!(error instanceof OptionError)) throw error;
            for (const [name] of error.message.matchAll(/\w+Ms\b/g)) {
              expect(Object.keys(given)).toContain(name);
            }
            const [, name, value] = /Set (?:timings\.)?(\w+) to (\d+)/.exec(error.message) ?? [];
            Object.assign(given, { [name as keyof Given]: Number(value) });
          }
        }
        expect.unreachable("each correction leads to another error");
      }),
    );
  });
});
