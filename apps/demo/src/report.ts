import type { AllocationShares } from "./shares.js";

/** Prints expected and observed shares. Returns whether all are as expected. */
export function printShares(results: readonly AllocationShares[]): boolean {
  let isAsExpected = true;
  for (const { flagKey, allocation, observed, expected, fit } of results) {
    const total = [...observed.values()].reduce((sum, count) => sum + count, 0);
    console.log(`\n  ${flagKey} / ${allocation}: ${total} assigned${verdict(fit)}`);
    for (const variation of new Set([...(expected?.keys() ?? []), ...observed.keys()])) {
      const share = (observed.get(variation) ?? 0) / total;
      const wanted = expected === null ? "    ?  " : percent(expected.get(variation) ?? 0);
      console.log(`    ${variation.padEnd(22)} expected ${wanted}   observed ${percent(share)}`);
    }
    if (fit !== null && !fit.isAsExpected) isAsExpected = false;
  }
  return isAsExpected;
}

function verdict(fit: AllocationShares["fit"]): string {
  if (fit === null) return " (shares not checked: too many ranges)";
  if (fit.degreesOfFreedom === 0) return fit.isAsExpected ? "" : "  UNEXPECTED VARIATION";
  const statistic = `chi-square ${fit.statistic.toFixed(2)}, ${fit.degreesOfFreedom} df`;
  return `  (${statistic}: ${fit.isAsExpected ? "ok" : "NOT AS EXPECTED"})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`.padStart(7);
}
