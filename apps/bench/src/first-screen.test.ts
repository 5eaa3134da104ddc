import { describe, expect, it } from "vitest";
import { VENDORS } from "./dialects/vendors.js";
import { firstScreen } from "./first-screen.js";
import type { CellReport, ParticipantReport } from "./report.js";

const peers = VENDORS.map(({ dropIn, name, native, sdk }) => ({
  vendor: name,
  names: [native, dropIn, sdk].map((it) => it?.name ?? ""),
}));

/** Measurements for each vendor: 1 for our native client, 2 for our drop-in, and 4, 8, 12 and so on for the SDKs. */
function measured(cell: string): readonly CellReport[] {
  return peers.map(({ names, vendor }, i) => {
    const participants = names.map((name, j) => {
      const min = [1, 2, 4 * (i + 1)][j] ?? 0;
      return { name, min } as ParticipantReport;
    });
    return {
      ...{ id: `${vendor}:${cell}`, title: "", state: "measured", unit: "ns" },
      ...{ answersCompared: 1, participants, targets: [] },
    } as CellReport;
  });
}

describe("firstScreen", () => {
  it("contains the speeds of the native clients and the drop-ins", () => {
    expect(firstScreen(VENDORS, [...measured("W1"), ...measured("W6")])).toEqual([
      expect.stringMatching(/^4 to 16 times .* no logger \(eppo 4, .*posthog 16\)$/),
      expect.stringMatching(/^2 to 8 times .* logged before \(eppo 2, .*posthog 8\)$/),
    ]);
  });

  it("omits cells that were not measured for all vendors", () => {
    expect(firstScreen(VENDORS, measured("W1").slice(1))).toEqual([]);
  });
});
