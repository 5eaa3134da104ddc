import type {
  Aspect,
  ExplainedAllocation,
  ExplainedFlag,
  Explanation,
  FlagComparison,
} from "@sortition/core/dialect";
import { ASPECTS, allocationKeys } from "@sortition/core/dialect-internal";

/** Aspects that can move a subject. */
const MOVING: readonly Aspect[] = ASPECTS.slice(0, ASPECTS.indexOf("type"));

/** Returns the only aspect that can have moved a subject; `null` if several can, or none is known. */
export function onlyAspect({ after, before, changes }: FlagComparison): Aspect | null {
  if (before === null || after === null) return "state";
  const aspects = new Set(changes.map(({ aspect }) => aspect).filter((it) => MOVING.includes(it)));
  const [only] = aspects;
  return aspects.size === 1 && only !== undefined ? only : null;
}

/**
 * Returns the aspect that moved a subject, from the first allocation whose outcome differs between the two
 * explanations.
 */
export function whyMoved(before: Explanation, after: Explanation): Aspect {
  const [old, now] = [before.flag, after.flag];
  if (old === null || now === null || old.isEnabled !== now.isEnabled) return "state";
  const [oldKeys, nowKeys] = [allocationKeys(old.allocations), allocationKeys(now.allocations)];
  for (const key of new Set([...oldKeys, ...nowKeys])) {
    const [was, is] = [allocationAt(old, oldKeys, key), allocationAt(now, nowKeys, key)];
    const why = whyAt(was, is);
    if (why !== null) return why;
  }
  return "default";
}

function allocationAt(
  { allocations }: ExplainedFlag,
  keys: readonly string[],
  key: string,
): ExplainedAllocation | undefined {
  return allocations[keys.indexOf(key)];
}

function whyAt(
  was: ExplainedAllocation | undefined,
  is: ExplainedAllocation | undefined,
): Aspect | null {
  if (was === undefined || is === undefined) {
    return (was ?? is)?.outcome === "applies" ? "allocation" : null;
  }
  const outcomes = [was.outcome, is.outcome];
  if (was.outcome === is.outcome && was.outcome !== "applies") return null;
  if (outcomes.includes("not-started") || outcomes.includes("ended")) return "window";
  if (outcomes.includes("not-reached")) return "allocation";
  if (outcomes.includes("no-rule-holds") || outcomes.includes("unknown")) return "rule";
  if (outcomes.includes("error")) return "state";
  const [before, after] = [winnerOf(was), winnerOf(is)];
  if (before === after) return was.key === "default" ? "default" : "value";
  const [oldShards, newShards] = [shardsOf(was), shardsOf(is)];
  const isHashedAnew = [...newShards].some(([place, { hash, shard }]) => {
    const known = oldShards.get(place);
    if (known === undefined || known.hash !== hash) return true;
    return known.shard !== null && shard !== null && known.shard !== shard;
  });
  if (!isHashedAnew) return "traffic";
  // Revert each change alone: first the shards, then the ranges.
  const winner = winnerWith(is, oldShards);
  if (winner !== undefined && winner !== after) return "salt";
  return winnerWith(was, newShards) === after ? "salt" : "traffic";
}

function winnerOf({ outcome, splits }: ExplainedAllocation): string | null {
  if (outcome !== "applies") return null;
  return splits.find((split) => split.outcome === "holds")?.variation ?? null;
}

interface PlacedShard {
  /** Size and salt of the hash. */
  readonly hash: string;
  /** `null` if no test of the shard was reached. */
  readonly shard: number | null;
}

/** Returns the subject's shards by their position in a split. All splits have the same positions. */
function shardsOf({ splits }: ExplainedAllocation): ReadonlyMap<number, PlacedShard> {
  const shards = new Map<number, PlacedShard>();
  for (const split of splits) {
    split.shards.forEach(({ salt, shard, totalShards }, i) => {
      shards.set(i, {
        hash: `${totalShards} ${salt}`,
        shard: shard ?? shards.get(i)?.shard ?? null,
      });
    });
  }
  return shards;
}

/** Returns the variation for these shards; `null` if there is none, `undefined` if it depends on an unknown shard. */
function winnerWith(
  { splits }: ExplainedAllocation,
  known: ReadonlyMap<number, PlacedShard>,
): string | null | undefined {
  for (const { shards, variation } of splits) {
    let isIn = true;
    let isOut = false;
    shards.forEach(({ ranges }, i) => {
      const shard = known.get(i)?.shard ?? null;
      if (shard === null) isIn = false;
      else if (!ranges.some(({ end, start }) => start <= shard && shard < end)) isOut = true;
    });
    if (isOut) continue;
    return isIn ? variation : undefined;
  }
  return null;
}
