import type { ExposureRow } from "../events/exposure-row.js";
import { isWrong, type Kind } from "./judgement.js";

/** Numbers of exposures by kind. */
export type KindCounts = ReadonlyMap<Kind, number>;

/** The exposures of one flag on one day. */
export interface DayCounts {
  readonly flag: string;
  /** `2026-02-01`, in UTC. */
  readonly day: string;
  readonly counts: KindCounts;
}

/** What concerns more than one exposure. */
export interface AcrossExposures {
  /** Exposures whose message id an earlier one has. */
  readonly duplicates: number;
  /** Exposures with an earlier time than one before them. */
  readonly outOfOrder: number;
  /** Subjects with two variations of one experiment, of which one at least is not right. */
  readonly twoVariations: number;
  /** The same, each right by the revision of its moment. */
  readonly twoVariationsByRevision: number;
}

const DAY_MS = 86_400_000;
/** Bits of what is remembered of a subject, above which its first variation is. */
const IS_WRONG = 1;
const HAS_TWO = 2;
const VARIATION = 4;

/** Counts judged exposures. Memory grows with distinct subjects and message ids. */
export class Summary {
  readonly #flags = new Map<string, Map<number, Map<Kind, number>>>();
  readonly #messageIds = new Set<string>();
  readonly #experiments = new Map<string, Map<string, number>>();
  readonly #variations = new Map<string, number>();
  #duplicates = 0;
  #outOfOrder = 0;
  #latestMs = Number.NEGATIVE_INFINITY;

  add(exposure: ExposureRow, kind: Kind): void {
    const { flag, messageId, timeMs } = exposure;
    const counts = made<number, Kind, number>(made(this.#flags, flag), Math.floor(timeMs / DAY_MS));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (timeMs < this.#latestMs) this.#outOfOrder += 1;
    else this.#latestMs = timeMs;
    if (messageId !== null) {
      if (this.#messageIds.has(messageId)) this.#duplicates += 1;
      else this.#messageIds.add(messageId);
    }
    if (kind !== "overridden" && exposure.choice === null)
      this.#noteSubject(exposure, isWrong(kind));
  }

  #noteSubject(exposure: ExposureRow, isOff: boolean): void {
    const { allocation, experiment, flag, subject, variation } = exposure;
    const key = `${flag}\0${experiment ?? allocation}`;
    const subjects = made(this.#experiments, key);
    const index = this.#indexOf(variation ?? "");
    const known = subjects.get(subject);
    if (known === undefined) {
      subjects.set(subject, index * VARIATION + (isOff ? IS_WRONG : 0));
      return;
    }
    const isOther = Math.floor(known / VARIATION) !== index;
    const next = known | (isOff ? IS_WRONG : 0) | (isOther ? HAS_TWO : 0);
    if (next !== known) subjects.set(subject, next);
  }

  #indexOf(variation: string): number {
    const known = this.#variations.get(variation);
    if (known !== undefined) return known;
    this.#variations.set(variation, this.#variations.size);
    return this.#variations.size - 1;
  }

  /** By flag, then by day. */
  get days(): readonly DayCounts[] {
    return [...this.#flags].flatMap(([flag, days]) =>
      [...days]
        .sort(([a], [b]) => a - b)
        .map(([day, counts]) => ({
          flag,
          day: new Date(day * DAY_MS).toISOString().slice(0, 10),
          counts,
        })),
    );
  }

  get total(): KindCounts {
    const total = new Map<Kind, number>();
    for (const { counts } of this.days) {
      for (const [kind, count] of counts) total.set(kind, (total.get(kind) ?? 0) + count);
    }
    return total;
  }

  get across(): AcrossExposures {
    let [twoVariations, twoVariationsByRevision] = [0, 0];
    for (const subjects of this.#experiments.values()) {
      for (const known of subjects.values()) {
        if ((known & HAS_TWO) === 0) continue;
        if ((known & IS_WRONG) === 0) twoVariationsByRevision += 1;
        else twoVariations += 1;
      }
    }
    const [duplicates, outOfOrder] = [this.#duplicates, this.#outOfOrder];
    return { duplicates, outOfOrder, twoVariations, twoVariationsByRevision };
  }
}

function made<Key, InnerKey, Value>(
  map: Map<Key, Map<InnerKey, Value>>,
  key: Key,
): Map<InnerKey, Value> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const inner = new Map<InnerKey, Value>();
  map.set(key, inner);
  return inner;
}
