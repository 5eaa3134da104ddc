import type { Configuration } from "@sortition/core";
import { compareFlag, type FlagComparison } from "@sortition/core/dialect";
import { changeOf } from "@sortition/core/dialect-internal";
import type { CliDialect } from "../dialects/dialect.js";
import type { FlagJudge } from "../judge/flag-judge.js";
import { neededOf, readsOf, readsOfAll } from "../judge/flag-reads.js";
import { countText } from "../text/values.js";
import type { Movement } from "./flag-diff.js";

/** The old and the new configuration. */
type Both = readonly [Configuration, Configuration];

/** Maximum number of attributes to name in a sentence. */
const MAX_NAMED = 5;

/** Whether subjects may move, because the flag or one of its dependencies changed. */
export function mayMove({ change, key }: FlagComparison, both: Both, dialect: CliDialect): boolean {
  if (change !== "same") return true;
  if (!dialect.judge.hasDependencies) return false;
  const [old, now] = both;
  const flags = both.flatMap((it) => readsOfAll(key, it, dialect).flags);
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
  dialect: CliDialect,
  nowMs: number,
): string | null {
  const { explainer } = dialect;
  if (isSilent(changes)) return null;
  const attributes = new Set<string>();
  let isHashed = false;
  for (const flagJudge of judges) {
    const { configuration } = flagJudge;
    // Rules may read more than their descriptions show, which an evaluation reveals.
    const { missing } = flagJudge.decide(key, { key: "key-0", attributes: {} }, nowMs, true);
    if (missing !== null) attributes.add(missing);
    const reads = readsOfAll(key, configuration, dialect);
    for (const name of neededOf(reads)) attributes.add(name);
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

/**
 * The attributes that changed rules read, also in flags that the flag depends on. If a change affects the whole flag, all its rules
 * count.
 */
export function attributesOfChanges(
  { key }: FlagComparison,
  both: Both,
  dialect: CliDialect,
): ReadonlySet<string> {
  const { explainer } = dialect;
  const [old, now] = both;
  const flags = new Set(both.flatMap((it) => readsOfAll(key, it, dialect).flags));
  const attributes = new Set<string>();
  for (const flag of flags) {
    if (changeOfKnown(flag, old, now, dialect) === "same") continue;
    const { changes } = compareFlag(flag, old, now, explainer);
    if (isSilent(changes)) continue;
    const moving = changes.filter(({ aspect }) => aspect !== "logging");
    const keys = moving.flatMap(({ allocation }) => allocation ?? []);
    const isWhole = keys.length < moving.length || moving.length === 0;
    for (const configuration of both) {
      const reads = readsOf(flag, configuration, dialect, isWhole ? undefined : new Set(keys));
      const others = reads.flags.map((it) => readsOfAll(it, configuration, dialect));
      for (const name of [reads, ...others].flatMap(neededOf)) attributes.add(name);
    }
  }
  return attributes;
}

/** The reason for a flag whose key is hashed in both configurations, so that it cannot be evaluated. */
export const UNNAMED =
  "the flag keys are hashed. Name the flags with --flags NAMES to evaluate them";

/** Explains why some moves are unknown; `null` if every subject could be evaluated. */
export function undecidedText(
  { lacking, total, undecided, undecidedBy }: Movement,
  columns: readonly string[],
): string | null {
  if (undecided === 0) return null;
  const some =
    undecided === total ? "no subject could be evaluated" : "some subjects could not be evaluated";
  return `${some}: ${lacking.size === 0 ? undecidedBy : lackingText("a changed rule or split", lacking, columns)}`;
}

/**
 * Names the attributes that subjects lack.
 *
 * @param columns - the columns that `--map` does not read as attributes; none without `--map`.
 */
export function lackingText(
  reader: string,
  lacking: ReadonlyMap<string, number>,
  columns: readonly string[],
): string {
  const names = [...lacking].map(([name, n]) => `${name} (${countText(n, "subject")} without it)`);
  // In Amplitude's dialect, a column is also a user property.
  const own = [...lacking.keys()].map((name) => name.replace(/^user_properties\./, ""));
  const unread = own.filter((name) => columns.includes(name));
  if (unread.length > 0) {
    const pairs = unread.map((name) => `attributes.${name}=${name}`).join(",");
    return `${reader} reads ${listOf(names)}. The rows have ${listOf(unread)}: add ${pairs} to the columns of --map`;
  }
  const option = `--absent ${[...lacking.keys()].join(",")}`;
  return `${reader} reads ${listOf(names)}. If subjects really have no value, add ${option}`;
}

function listOf(names: readonly string[]): string {
  const named = names.slice(0, MAX_NAMED);
  const more = names.length - named.length;
  const all = more > 0 ? [...named, `${more} more`] : named;
  const last = all.at(-1) ?? "";
  return all.length === 1 ? last : `${all.slice(0, -1).join(", ")} and ${last}`;
}
