import { rejectUnknownOptions } from "../../errors/option-checks.js";
import { hasUnknownKey, type ObservedEvaluation } from "../../model/observed-evaluation.js";
import type { Clock } from "../../runtime/clock.js";
import { readClock } from "../../runtime/read-clock.js";

/** How often a variation of a flag was evaluated. */
export interface VariationUse {
  /** `null` if the evaluation returned a default, or if the vendor does not name the variation. */
  readonly variation: string | null;
  readonly evaluations: number;
}

/** Usage of one flag since {@link lastUse} was called. */
export interface FlagUse {
  readonly flagKey: string;
  /** Time of the last evaluation, epoch ms. */
  readonly lastEvaluatedAtMs: number;
  /** Time of the last call that named this flag, epoch ms. `null` if only calls for several flags evaluated it. */
  readonly lastNamedAtMs: number | null;
  readonly evaluations: number;
  /** Use of each variation, in the order of its first evaluation. */
  readonly variations: readonly VariationUse[];
  /** Whether the configuration had the flag when it was last evaluated. */
  readonly isKnown: boolean;
}

/** Records when each flag was last evaluated. */
export interface LastUse {
  /** The observer. Pass it as `onEvaluation` to any number of clients. */
  readonly observe: (evaluation: ObservedEvaluation) => void;
  /** Returns a snapshot of the usage so far, by flag key. */
  flags(): ReadonlyMap<string, FlagUse>;
}

/** Options of {@link lastUse}. */
export interface LastUseOptions {
  /** Replaces any part of the clock, for tests. */
  readonly clock?: Partial<Clock> | undefined;
}

interface Entry {
  lastEvaluatedAtMs: number;
  lastNamedAtMs: number | null;
  evaluations: number;
  readonly variations: Map<string | null, number>;
}

const MAX_UNKNOWN_KEYS = 100;

/**
 * Creates an observer that records when each flag was last evaluated, and how often each of its variations was returned. It
 * keeps only the flags of the configuration and the 100 unknown keys that were evaluated last.
 *
 * ```ts
 * const use = lastUse();
 * const client = createClient({ onEvaluation: use.observe });
 * use.flags().get("checkout")?.lastEvaluatedAtMs;
 * ```
 *
 * @throws OptionError for an unknown option or an invalid clock.
 */
export function lastUse(options: LastUseOptions = {}): LastUse {
  rejectUnknownOptions(options, ["clock"]);
  const { now } = readClock("clock", options.clock);
  const known = new Map<string, Entry>();
  const unknown = new Map<string, Entry>();
  return {
    observe(evaluation) {
      const { flagKey, isBulk, variation } = evaluation;
      const isUnknown = hasUnknownKey(evaluation);
      const entry = (isUnknown ? unknown : known).get(flagKey) ?? newEntry();
      entry.lastEvaluatedAtMs = now();
      if (!isBulk) entry.lastNamedAtMs = entry.lastEvaluatedAtMs;
      entry.evaluations += 1;
      entry.variations.set(variation, (entry.variations.get(variation) ?? 0) + 1);
      if (!isUnknown) {
        known.set(flagKey, entry);
        return;
      }
      // Inserted again, so that the first key is always the least recently used.
      unknown.delete(flagKey);
      unknown.set(flagKey, entry);
      if (unknown.size > MAX_UNKNOWN_KEYS) {
        for (const oldest of unknown.keys()) {
          unknown.delete(oldest);
          break;
        }
      }
    },
    flags() {
      const uses = new Map<string, FlagUse>();
      for (const [key, entry] of unknown) uses.set(key, useOf(key, entry, false));
      for (const [key, entry] of known) {
        const before = unknown.get(key);
        const isKnown = (before?.lastEvaluatedAtMs ?? 0) <= entry.lastEvaluatedAtMs;
        uses.set(key, useOf(key, before === undefined ? entry : sumOf(before, entry), isKnown));
      }
      return uses;
    },
  };
}

function newEntry(): Entry {
  return { lastEvaluatedAtMs: 0, lastNamedAtMs: null, evaluations: 0, variations: new Map() };
}

function sumOf(one: Entry, other: Entry): Entry {
  const variations = new Map(one.variations);
  for (const [key, count] of other.variations) {
    variations.set(key, (variations.get(key) ?? 0) + count);
  }
  const namedAtMs = Math.max(one.lastNamedAtMs ?? 0, other.lastNamedAtMs ?? 0);
  return {
    lastEvaluatedAtMs: Math.max(one.lastEvaluatedAtMs, other.lastEvaluatedAtMs),
    lastNamedAtMs: namedAtMs === 0 ? null : namedAtMs,
    evaluations: one.evaluations + other.evaluations,
    variations,
  };
}

function useOf(flagKey: string, entry: Entry, isKnown: boolean): FlagUse {
  const { evaluations, lastEvaluatedAtMs, lastNamedAtMs } = entry;
  const variations = [...entry.variations].map(([variation, count]) => ({
    variation,
    evaluations: count,
  }));
  return { flagKey, lastEvaluatedAtMs, lastNamedAtMs, evaluations, variations, isKnown };
}
