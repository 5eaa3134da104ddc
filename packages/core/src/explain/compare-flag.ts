import type { Configuration } from "../model/configuration.js";
import { type Change, type ComparedFlag, changesOf } from "./changes.js";
import type { Explainer } from "./explainer.js";

/** What became of a flag. */
export type FlagChange = "added" | "removed" | "changed" | "same";

/** What became of one flag between two configurations, before and after. */
export interface FlagComparison {
  /** As it is asked for; a hash, if that is not known. */
  readonly key: string;
  /** `null`: it is not there. */
  readonly before: ComparedFlag | null;
  readonly after: ComparedFlag | null;
  readonly change: FlagChange;
  readonly changes: readonly Change[];
}

const UNKNOWN: Change = {
  aspect: "other",
  allocation: null,
  variation: null,
  text: "something changed that descriptions do not have",
  removesValue: false,
};

/** What became of a flag, which at least one of the two configurations has. Nothing is described. */
export function changeOf(
  key: string,
  old: Configuration,
  now: Configuration,
  explainer: Explainer,
): FlagChange {
  const [oldKey, nowKey] = [explainer.payloadKey(old, key), explainer.payloadKey(now, key)];
  if (oldKey === null) return "added";
  if (nowKey === null) return "removed";
  return oldKey === nowKey && now.isSameFlag(oldKey, old) ? "same" : "changed";
}

/** Compares the versions of a flag, which at least one of the two configurations has. */
export function compareFlag(
  key: string,
  old: Configuration,
  now: Configuration,
  explainer: Explainer,
): FlagComparison {
  const [before, after] = [comparedFlag(key, old, explainer), comparedFlag(key, now, explainer)];
  const change = changeOf(key, old, now, explainer);
  const changes =
    change === "changed" && before !== null && after !== null ? changesOf(before, after) : [];
  const isUnknown = change === "changed" && changes.length === 0;
  return { key, before, after, change, changes: isUnknown ? [UNKNOWN] : changes };
}

/** The keys of all flags of both. Where one configuration has a hash and the other its key, the key is kept. */
export function keysOfBoth(
  old: Configuration,
  now: Configuration,
  explainer: Explainer,
): ReadonlySet<string> {
  const keys = new Set([...old.flagKeys, ...now.flagKeys]);
  for (const [one, other] of [
    [old, now],
    [now, old],
  ] as const) {
    for (const key of one.flagKeys) {
      const hash = explainer.payloadKey(other, key);
      if (hash !== null && hash !== key) keys.delete(hash);
    }
  }
  return keys;
}

function comparedFlag(
  key: string,
  configuration: Configuration,
  explainer: Explainer,
): ComparedFlag | null {
  const payloadKey = explainer.payloadKey(configuration, key);
  if (payloadKey === null) return null;
  const flag = configuration.flag(key);
  return {
    description: explainer.describe(configuration, payloadKey),
    hashedBy: flag === null ? "" : explainer.hashedBy(configuration, flag),
  };
}
