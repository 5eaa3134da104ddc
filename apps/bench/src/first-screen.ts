import type { Peer } from "./dialects/peer.js";
import type { Vendor } from "./dialects/vendor.js";
import type { CellReport } from "./report.js";

/** Speed claims of the README: a cell, and our package that is compared with the vendor's SDK. */
const CLAIMS = [
  {
    cell: "W1",
    ours: "native",
    says: "times as fast as the vendor's SDK: native client, one 50/50 flag, no logger",
  },
  {
    cell: "W6",
    ours: "dropIn",
    says: "times as fast: our drop-ins, the same flag with a logger, logged before",
  },
] as const;

/** Returns the README's speeds, as ratios of minima. Omits those that were not measured for all vendors. */
export function firstScreen(
  vendors: readonly Vendor[],
  cells: readonly CellReport[],
): readonly string[] {
  return CLAIMS.flatMap(({ cell, ours, says }) => {
    const figures = vendors.map((vendor) => {
      const report = cells.find(({ id }) => id === `${vendor.name}:${cell}`);
      const participants = report?.state === "measured" ? report.participants : [];
      const minOf = (peer: Peer | null): number =>
        participants.find(({ name }) => name === peer?.name)?.min ?? Number.NaN;
      return rounded(minOf(vendor.sdk) / minOf(vendor[ours]));
    });
    // A participant is missing.
    if (figures.some(Number.isNaN)) return [];
    const each = vendors.map(({ name }, i) => `${name} ${figures[i]}`).join(", ");
    return [`${Math.min(...figures)} to ${Math.max(...figures)} ${says} (${each})`];
  });
}

/** Rounds to two digits, or to an integer. */
function rounded(speed: number): number {
  return speed < 9.95 ? Number(speed.toFixed(1)) : Math.round(speed);
}
