import type { Vendor } from "./dialects/vendor.js";
import type { CellReport } from "./report.js";

/** What the README's first screen says of speed: a cell, and which of our packages is compared with the vendor's SDK. */
const CLAIMS = [
  {
    cell: "W1",
    ours: ({ native }: Vendor) => native,
    says: "times as fast as the vendor's SDK: native client, one 50/50 flag, no logger",
  },
  {
    cell: "W6",
    ours: ({ dropIn }: Vendor) => dropIn,
    says: "times as fast: our drop-ins, the same flag with a logger, logged before",
  },
] as const;

/** The speeds of the first screen, minimum over minimum, a line for each whose cells were measured for all vendors. */
export function firstScreen(
  vendors: readonly Vendor[],
  cells: readonly CellReport[],
): readonly string[] {
  return CLAIMS.flatMap(({ cell, ours, says }) => {
    const speeds = vendors.map((vendor) => {
      const report = cells.find(({ id }) => id === `${vendor.name}:${cell}`);
      return speedUp(report, vendor.sdk?.name, ours(vendor)?.name);
    });
    if (speeds.includes(null)) return [];
    const figures = speeds.map((it) => rounded(it ?? 0)); // none is null
    const each = vendors.map(({ name }, i) => `${name} ${figures[i]}`).join(", ");
    return [`${Math.min(...figures)} to ${Math.max(...figures)} ${says} (${each})`];
  });
}

/** `null` if one of them did not take part. */
function speedUp(
  report: CellReport | undefined,
  sdk: string | undefined,
  ours: string | undefined,
): number | null {
  if (report?.state !== "measured") return null;
  const [theirs, its] = [sdk, ours].map((name) =>
    report.participants.find((it) => it.name === name),
  );
  return theirs === undefined || its === undefined ? null : theirs.min / its.min;
}

/** Two digits, or all before the point. */
function rounded(speed: number): number {
  return speed < 9.95 ? Number(speed.toFixed(1)) : Math.round(speed);
}
