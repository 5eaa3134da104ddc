import type { Configuration } from "@sortition/core";
import type { CliDialect } from "../dialects/dialect.js";
import type { Cell } from "./moves.js";
import { type Aspect, type Change, type ComparedFlag, changesOf } from "./structure.js";

/** What became of one flag. */
export interface FlagDiff extends FlagPair {
  readonly change: "added" | "removed" | "changed" | "same";
  readonly changes: readonly Change[];
  /** `null`: it was not asked who moves. */
  readonly movement: Movement | null;
}

/** Who moves. */
export interface Movement {
  /** Subjects of the user's, exact shares, or made-up keys. */
  readonly source: "subjects" | "shares" | "generated";
  /** Number of subjects; 1 for shares. */
  readonly total: number;
  readonly moved: number;
  readonly cells: readonly Cell[];
  /** How many move by each aspect; empty if it is not known. */
  readonly whys: ReadonlyMap<Aspect, number>;
}

/** A flag in both configurations; `null`: it is not there. */
export interface FlagPair {
  /** As it is asked for; a hash, if that is not known. */
  readonly key: string;
  readonly before: ComparedFlag | null;
  readonly after: ComparedFlag | null;
}

const UNKNOWN: Change = {
  aspect: "other",
  allocation: null,
  text: "something changed that descriptions do not have",
  removesValue: false,
};

/** Compares the versions of a flag. */
export function compareFlag(
  key: string,
  old: Configuration,
  now: Configuration,
  dialect: CliDialect,
): Omit<FlagDiff, "movement"> {
  const [before, after] = [comparedFlag(key, old, dialect), comparedFlag(key, now, dialect)];
  const pair = { key, before, after };
  if (before === null) return { ...pair, change: "added", changes: [] };
  if (after === null) return { ...pair, change: "removed", changes: [] };
  const [oldKey, nowKey] = [old, now].map((it) => dialect.inspect.payloadKey(it, key) ?? key);
  if (oldKey === nowKey && now.isSameFlag(oldKey as string, old)) {
    return { ...pair, change: "same", changes: [] };
  }
  const changes = changesOf(before, after);
  return { ...pair, change: "changed", changes: changes.length === 0 ? [UNKNOWN] : changes };
}

function comparedFlag(
  key: string,
  configuration: Configuration,
  { explainer, inspect, judge }: CliDialect,
): ComparedFlag | null {
  const payloadKey = inspect.payloadKey(configuration, key);
  if (payloadKey === null) return null;
  const flag = configuration.flag(key);
  return {
    description: explainer.describe(configuration, payloadKey),
    hashedBy: flag === null ? "" : judge.hashedBy(flag, configuration),
  };
}
