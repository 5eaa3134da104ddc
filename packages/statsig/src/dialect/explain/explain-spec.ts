import type {
  Assigned,
  ExplainedFlag,
  ExplainedShard,
  Recording,
  SplitDescription,
} from "@sortition/core/dialect";
import { HOLDS } from "../evaluation/tested.js";
import { GROUPS } from "../spec.js";
import type { DescribedAllocation, DescribedSpec } from "./describe.js";

/**
 * Combines the description of a spec with its recorded evaluation.
 *
 * @param decided - what was assigned, or `null`.
 */
export function explainSpec(
  { allocations, description }: DescribedSpec,
  recording: Recording,
  decided: Pick<Assigned, "allocation" | "variation"> | null,
): ExplainedFlag {
  // Overrides and the default are not recorded.
  if (decided?.allocation != null) recording.tried(decided.allocation, HOLDS);
  return recording.explain(description, (recorded, index) => {
    const { conditions, delegate, rule } = allocations[index] as DescribedAllocation; // exists
    const condition = (_: number, i: number) => recorded.condition(rule, conditions[i] ?? -1);
    const { key } = recorded;
    let isTaken = false;
    return {
      ...recorded,
      condition,
      split(split, i, rules) {
        // An experiment decides it, whose shares are in its own description.
        if (delegate !== null) {
          const isIt = decided?.allocation === key && decided?.variation === split.variation;
          return { ...split, shards: [], outcome: isIt ? "holds" : "not-reached", reason: "" };
        }
        const tested = recorded.split(split, i, rules);
        // Each group is a rule, which is not tested if an earlier group is assigned.
        const shards = isTaken ? untested(split) : tested.shards;
        isTaken ||= key === GROUPS && tested.outcome === "holds";
        return { ...tested, shards };
      },
    };
  });
}

function untested({ shards }: SplitDescription): readonly ExplainedShard[] {
  return shards.map((it) => ({ ...it, outcome: "not-reached", shard: null, reason: "" }));
}
