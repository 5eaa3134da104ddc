import { shareText } from "@sortition/core/dialect-internal";
import type { WatchReport } from "../diff/subject-watch.js";
import { count, countText } from "../text/values.js";
import type { HeldOut, KeptApart } from "./shared-subjects.js";

/** What was found about flags that share subjects. */
export interface SharedFindings {
  readonly apart: readonly KeptApart[];
  readonly heldOut: readonly HeldOut[];
  /** Number of evaluated subjects. */
  readonly total: number;
  readonly isMadeUp: boolean;
}

const TITLE = "Layers and holdouts";

export function watchReport({ apart, heldOut, isMadeUp, total }: SharedFindings): WatchReport {
  if (apart.length + heldOut.length === 0) return { sections: [], json: [] };
  const whose = isMadeUp ? "made-up subjects" : "subjects";
  const source = isMadeUp ? "generated" : "subjects";
  const notes = [
    ...apart.map(({ both, flags: [one, other] }) => {
      const many = `${count(both)} of ${count(total)} ${whose}`;
      return `${many} would be in ${one} and ${other} at once; OLD keeps them apart`;
    }),
    ...heldOut.map(({ differ, flags, held, holdout, inBoth }) => {
      const share = (n: number): string => shareText(Math.round((n / total) * 1_000) / 1_000);
      const out = `OLD holds ${share(held)} of ${whose} out of ${countText(flags.length, "flag")}`;
      return differ > 0
        ? `${holdout}: ${out}; NEW gives ${count(differ)} of these ${count(held)} another value`
        : `${holdout}: ${out}; NEW holds out ${share(inBoth.now)}`;
    }),
  ];
  return {
    sections: [{ name: TITLE, tone: "yellow", notes }],
    json: [
      ...apart.map(({ both, flags }) => ({ keptApart: flags, source, total, both })),
      ...heldOut.map(({ differ, flags, held, holdout, inBoth }) => {
        return { holdout, flags, source, total, held, differ, newHeld: inBoth.now };
      }),
    ],
  };
}
