import { describe, expect, it } from "vitest";
import { withErrorBudget } from "../conditions/error-budget.js";
import { compileFlag } from "./compile.js";
import { decodeFlag } from "./decode.js";
import type { UfcFlag } from "./flag.js";

/** Compiles a flag like a configuration. */
function compiled(allocations: readonly unknown[]): UfcFlag {
  const raw = { key: "f", enabled: true, variationType: "STRING", variations: {}, allocations };
  return withErrorBudget("$.f", () =>
    compileFlag(
      "f",
      decodeFlag(raw, "f", "$.f", () => {}),
      false,
    ),
  );
}

function distinct<T>(parts: readonly T[]): number {
  return new Set(parts).size;
}

describe("compileFlag", () => {
  it("creates one failing split for all allocations beyond the error budget", () => {
    const { allocations } = compiled(Array.from({ length: 1_000 }, () => ({})));
    expect(allocations).toHaveLength(1_000);
    expect(distinct(allocations.flatMap(({ splits }) => splits))).toBeLessThanOrEqual(201);
  });

  it("creates one failing split for all splits beyond the error budget", () => {
    const { allocations } = compiled([
      { key: "a", splits: Array.from({ length: 1_000 }, () => ({})) },
    ]);
    const [splits = []] = allocations.map((it) => it.splits);
    expect(splits).toHaveLength(1_000);
    expect(distinct(splits)).toBeLessThanOrEqual(201);
  });
});
