import { ifWhole, isInPart, isWhole } from "@sortition/test-kit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { programOf, VENDORS } from "./right-programs/programs.ts";
import { DROP_INS, NATIVE, type Surface } from "./right-programs/surfaces.ts";

const PROGRAMS = isWhole ? 28 : 12;

/** PostHog's server decides flags whose properties the caller does not have, so these warnings are wanted. */
const UNDECIDED = /needs the (group )?property|cannot use the value of a property/;

const CASES: readonly (readonly [name: string, surface: Surface, vendors: typeof VENDORS])[] = [
  ...Object.entries(NATIVE).map(([name, surface]) => [name, surface, VENDORS] as const),
  ...DROP_INS.map(([name, vendor, surface]) => [`${name} drop-in`, surface, [vendor]] as const),
];
const RUNS = CASES.flatMap(([name, surface, vendors]) =>
  vendors.map((vendor) => ({ name, surface, vendor })),
).map((run, i) => {
  const seeds = Array.from({ length: PROGRAMS }, (_, j) => j + 1);
  return { ...run, seeds: seeds.filter((seed) => isInPart(seed, i)) };
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a right program", () => {
  ifWhole(it)("is generated for each vendor and way to evaluate, at least 600 times", () => {
    expect(RUNS.length * PROGRAMS).toBeGreaterThanOrEqual(600);
  });

  it.each(RUNS)(
    "is not warned by $name with flags of $vendor",
    async ({ seeds, surface, vendor }) => {
      const warnings: string[] = [];
      const warn = (message?: string): void => void warnings.push(String(message));
      for (const level of ["warn", "error"] as const) {
        vi.spyOn(console, level).mockImplementation(warn);
      }
      for (const seed of seeds) {
        await surface(programOf(vendor, seed), vendor, warn);
      }
      expect(warnings.filter((it) => !UNDECIDED.test(it))).toEqual([]);
    },
  );
});
