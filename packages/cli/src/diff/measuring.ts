import type { Configuration } from "@sortition/core";
import { changeOf, type FlagComparison } from "@sortition/core/dialect";
import type { CliDialect } from "../dialects/dialect.js";
import type { FlagJudge } from "../judge/flag-judge.js";
import { readsOfAll } from "../judge/flag-reads.js";
import type { Movement } from "./flag-diff.js";
import type { CountedMoves } from "./moves.js";

/** The old and the new configuration. */
type Both = readonly [Configuration, Configuration];

/** Maximum number of attributes to name in a sentence. */
const MAX_NAMED = 5;

/** Whether subjects may move, because the flag or one of its dependencies changed. */
export function mayMove({ change, key }: FlagComparison, both: Both, dialect: CliDialect): boolean {
  if (change !== "same") return true;
  if (!dialect.judge.hasDependencies) return false;
  const [old, now] = both;
  const flags = both.flatMap((it) => readsOfAll(key, it, dialect.judge.readsOf).flags);
  return flags.some((flag) => changeOfKnown(flag, old, now, dialect) !== "same");
}

function changeOfKnown(flag: string, old: Configuration, now: Configuration, dialect: CliDialect) {
  const { explainer } = dialect;
  const isThere = [old, now].some((it) => explainer.payloadKey(it, flag) !== null);
  return isThere ? changeOf(flag, old, now, explainer) : "same";
}

/** Explains why made-up keys without attributes do not show who moves; `null` if they do. */
export function unmeasuredByKeys(
  { changes, key }: FlagComparison,
  judges: readonly FlagJudge[],
  { explainer, judge }: CliDialect,
  nowMs: number,
): string | null {
  if (isSilent(changes)) return null;
  const attributes = new Set<string>();
  let isHashed = false;
  for (const flagJudge of judges) {
    const { configuration } = flagJudge;
    // An attribute that is hashed instead of the key occurs in no condition, so an evaluation has to reveal it.
    const { missing } = flagJudge.decide(key, { key: "key-0", attributes: {} }, nowMs, true);
    if (missing !== null) attributes.add(missing);
    for (const name of readsOfAll(key, configuration, judge.readsOf).attributes)
      attributes.add(name);
    const payloadKey = explainer.payloadKey(configuration, key);
    if (payloadKey !== null) isHashed ||= explainer.describe(configuration, payloadKey).isHashed;
  }
  if (attributes.size === 0) return null;
  const read = isHashed ? "attributes whose names are hashed" : listOf([...attributes]);
  return `the flag reads ${read}, and no subjects are given. Add --subjects FILE`;
}

/** Whether only the logging changed, which moves no subjects. */
function isSilent(changes: FlagComparison["changes"]): boolean {
  return changes.length > 0 && changes.every(({ aspect }) => aspect === "logging");
}

/** An attribute that a changed flag read and that all given subjects lack; `null` if there is none or some moved. */
export function lackedByAll(
  { change, changes }: FlagComparison,
  { isComplete, lacking, moved }: Pick<CountedMoves, "isComplete" | "lacking" | "moved">,
): string | null {
  return change === "same" || isSilent(changes) || isComplete || moved > 0 ? null : lacking;
}

/** The reason for a flag whose key is hashed in both configurations, so that it cannot be evaluated. */
export const UNNAMED =
  "the flag keys are hashed. Name the flags with --flags NAMES to evaluate them";

/** Explains why some moves are unknown; `null` if every subject could be evaluated. */
export function undecidedText({ total, undecided, undecidedBy }: Movement): string | null {
  if (undecided === 0) return null;
  const some =
    undecided === total ? "no subject could be evaluated" : "some subjects could not be evaluated";
  return `${some}: ${undecidedBy}`;
}

function listOf(names: readonly string[]): string {
  const named = names.slice(0, MAX_NAMED);
  const more = names.length - named.length;
  const all = more > 0 ? [...named, `${more} more`] : named;
  const last = all.at(-1) ?? "";
  return all.length === 1 ? last : `${all.slice(0, -1).join(", ")} and ${last}`;
}
