import type { Configuration } from "../model/configuration.js";
import { type Change, type ComparedFlag, changesOf } from "./changes.js";
import type { Explainer } from "./explainer.js";

/** How a flag changed. */
export type FlagChange = "added" | "removed" | "changed" | "same";

/** A flag in two configurations, before and after. */
export interface FlagComparison {
  /** The key that callers request, or its hash if the key is not known. */
  readonly key: string;
  /** `null`: the flag does not exist. */
  readonly before: ComparedFlag | null;
  readonly after: ComparedFlag | null;
  readonly change: FlagChange;
  readonly changes: readonly Change[];
}

const UNKNOWN: Change = {
  aspect: "other",
  allocation: null,
  variation: null,
  before: "",
  after: "",
  text: "something changed that descriptions do not have",
  removesValue: false,
};

/** Returns how a flag changed, without describing it. At least one of the configurations must have it. */
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

/** Compares two versions of a flag. At least one of the configurations must have it. */
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

/**
 * Returns the keys of all flags in both configurations. If one configuration has a hash and the other has its key, the
 * key is returned.
 */
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
  return { description: explainer.describe(configuration, payloadKey), words: explainer.words };
}
