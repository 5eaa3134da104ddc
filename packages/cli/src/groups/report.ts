import { shareText } from "@sortition/core/dialect-internal";
import type { WatchReport } from "../diff/subject-watch.js";
import { count, countText } from "../text/values.js";
import type { KeptApart } from "./kept-apart.js";
import type { HeldOut } from "./shared-subjects.js";

/** What was found about flags that share subjects. */
export interface SharedFindings {
  readonly apart: readonly KeptApart[];
  readonly heldOut: readonly HeldOut[];
  /** Number of evaluated subjects. */
  readonly total: number;
  readonly isMadeUp: boolean;
}

const TITLE = "Layers and holdouts";
/** Maximum number of pairs that the text names for a layer. The JSON contains all. */
const MAX_PAIRS = 3;

export function watchReport({ apart, heldOut, isMadeUp, total }: SharedFindings): WatchReport {
  if (apart.length + heldOut.length === 0) return { sections: [], json: [] };
  const whose = isMadeUp ? "made-up subjects" : "subjects";
  const source = isMadeUp ? "generated" : "subjects";
  const notes = [
    ...apart.map(
      (it) => `${count(it.both)} of ${count(total)} ${whose} would be in ${apartText(it)}`,
    ),
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
      ...apart.map(({ both, layer, pairs }) => {
        return { keptApart: flagsIn(pairs), layer, source, total, both, pairs };
      }),
      ...heldOut.map(({ differ, flags, held, holdout, inBoth }) => {
        return { holdout, flags, source, total, held, differ, newHeld: inBoth.now };
      }),
    ],
  };
}

/** Names both flags, or the largest pairs of a layer. */
function apartText({ layer, pairs }: KeptApart): string {
  const [first] = pairs;
  if (first !== undefined && pairs.length === 1) {
    return `${first.flags.join(" and ")} at once; OLD keeps them apart`;
  }
  const some = pairs.slice(0, MAX_PAIRS).map(({ both, flags }) => {
    return `${flags.join(" and ")} ${count(both)}`;
  });
  const more = pairs.length - some.length;
  if (more > 0) some.push(`and ${countText(more, "more pair")}`);
  const all = `2 or more of ${countText(flagsIn(pairs).length, "experiment")} at once`;
  return `${all}; OLD keeps them apart (${layer}): ${some.join(", ")}`;
}

function flagsIn(pairs: KeptApart["pairs"]): readonly string[] {
  return [...new Set(pairs.flatMap(({ flags }) => flags))];
}
