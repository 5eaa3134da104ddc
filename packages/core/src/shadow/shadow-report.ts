import type { DifferenceKind, ShadowCounts } from "../client/lifecycle/shadow-counts.js";
import { guarded, messageOf } from "../errors/guard.js";
import { md5Hex } from "../hash/md5.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import { isDecided, type Outcome } from "./outcome.js";
import { sameValue } from "./same-value.js";
import type { ShadowCall } from "./side.js";

/** The result of one side in a difference. */
export interface DifferenceSide {
  /** The value as text, truncated to 100 characters. */
  readonly value: string;
  readonly variation: string | null;
  readonly allocation: string | null;
  /** As in details, or `failed` if the side threw or rejected. */
  readonly reason: Outcome["reason"];
  readonly errorCode: Outcome["errorCode"];
}

/** A call on which the two sides differ. */
export interface Difference {
  readonly flagKey: string;
  readonly kind: DifferenceKind;
  /** Hash of the subject key. */
  readonly subject: string;
  /** Names of the call's attributes. */
  readonly attributes: readonly string[];
  readonly primary: DifferenceSide;
  readonly candidate: DifferenceSide;
}

/** Results of all comparisons since the shadow was created. */
export interface ShadowReport extends ShadowCounts {
  /** The first differences, one for each combination of flag, kind and pair of reasons. At most 20. */
  readonly examples: readonly Difference[];
}

/** Receives the first difference of each flag and kind. */
export type DifferenceListener = (difference: Difference) => unknown;

/** Maximum number of flags that are counted separately. All other flags share one entry. */
const MAX_FLAGS = 10_000;
const OTHER_FLAGS = "(other flags)";
const MAX_EXAMPLES = 20;
const MAX_TEXT = 100;
const SALT = "sortition-shadow:";

const KINDS: readonly DifferenceKind[] = [
  ...(["value", "type", "default", "split", "only-in-primary", "only-in-candidate"] as const),
  "failed",
];

interface FlagTally {
  agree: number;
  servedByOther: number;
  readonly differ: Record<DifferenceKind, number>;
}

/** Counts comparisons and keeps examples of differences. */
export class ComparisonTally {
  readonly #listener: DifferenceListener | null;
  readonly #diagnostics: Pick<Diagnostics, "error">;
  readonly #flags = new Map<string, FlagTally>();
  readonly #examples = new Map<string, Difference>();
  readonly #notified = new Set<string>();
  #compared = 0;
  #skipped = 0;
  #hasListenerFailed = false;

  constructor(listener: DifferenceListener | null, diagnostics: Pick<Diagnostics, "error">) {
    this.#listener = listener;
    this.#diagnostics = diagnostics;
  }

  skip(): void {
    this.#skipped += 1;
  }

  servedByOther(flagKey: string): void {
    this.#tallyOf(flagKey).servedByOther += 1;
  }

  /** Compares the outcomes of both sides. */
  add(call: ShadowCall, primary: Outcome, candidate: Outcome): void {
    this.#compared += 1;
    const kind = kindOf(primary, candidate);
    const tally = this.#tallyOf(call.flagKey);
    if (kind === null) {
      tally.agree += 1;
      return;
    }
    tally.differ[kind] += 1;
    this.#keep(call, kind, primary, candidate);
  }

  counts(): ShadowCounts {
    return {
      flags: Object.fromEntries(
        [...this.#flags].map(([key, it]) => [key, { ...it, differ: { ...it.differ } }]),
      ),
      compared: this.#compared,
      skipped: this.#skipped,
    };
  }

  report(): ShadowReport {
    return { ...this.counts(), examples: [...this.#examples.values()] };
  }

  #tallyOf(flagKey: string): FlagTally {
    const isRoom = this.#flags.size < MAX_FLAGS || this.#flags.has(flagKey);
    const key = isRoom ? flagKey : OTHER_FLAGS;
    const known = this.#flags.get(key);
    if (known !== undefined) return known;
    const differ = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as FlagTally["differ"]; // one for each kind
    const tally = { agree: 0, servedByOther: 0, differ };
    this.#flags.set(key, tally);
    return tally;
  }

  #keep(call: ShadowCall, kind: DifferenceKind, primary: Outcome, candidate: Outcome): void {
    const { flagKey } = call;
    const once = JSON.stringify([flagKey, kind]);
    const cause = JSON.stringify([flagKey, kind, ...[primary, candidate].map(causeOf)]);
    const isNew = this.#listener !== null && !this.#notified.has(once);
    const isExample = this.#examples.size < MAX_EXAMPLES && !this.#examples.has(cause);
    if (!isNew && !isExample) return;
    const difference: Difference = {
      flagKey,
      kind,
      subject: md5Hex(`${SALT}${call.subjectKey}`),
      attributes: Object.keys(call.attributes ?? {}),
      primary: sideOf(primary),
      candidate: sideOf(candidate),
    };
    if (isExample) this.#examples.set(cause, difference);
    if (!isNew || this.#notified.size >= MAX_FLAGS) return;
    this.#notified.add(once);
    guarded(
      () => this.#listener?.(difference),
      (error) => this.#reportListener(error),
    );
  }

  #reportListener(error: unknown): void {
    if (this.#hasListenerFailed) return;
    this.#hasListenerFailed = true;
    this.#diagnostics.error("onDifference failed", { reason: messageOf(error) });
  }
}

/** Returns how two outcomes differ, or `null` if they agree. */
function kindOf(primary: Outcome, candidate: Outcome): DifferenceKind | null {
  if (candidate.reason === "failed" || primary.reason === "failed") return "failed";
  const [isPrimary, isCandidate] = [isDecided(primary), isDecided(candidate)];
  if (!isPrimary || !isCandidate) {
    if (isPrimary) return "only-in-primary";
    return isCandidate ? "only-in-candidate" : null;
  }
  if (sameValue(primary.value, candidate.value)) return null;
  if (primary.isPlaced && candidate.isPlaced) return "split";
  if (primary.isDefault !== candidate.isDefault) return "default";
  return typeOf(primary.value) === typeOf(candidate.value) ? "value" : "type";
}

function typeOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

function causeOf({ allocation, errorCode, reason }: Outcome): readonly (string | null)[] {
  return [reason, errorCode, allocation];
}

function sideOf({ allocation, errorCode, reason, value, variation }: Outcome): DifferenceSide {
  return { value: textOf(value), variation, allocation, reason, errorCode };
}

function textOf(value: unknown): string {
  let text: string;
  try {
    text =
      (typeof value === "string"
        ? JSON.stringify(value.slice(0, MAX_TEXT))
        : JSON.stringify(value)) ?? String(value);
  } catch {
    text = typeof value; // JSON cannot express it
  }
  return text.slice(0, MAX_TEXT);
}
