import type { FlagExposure } from "../events/exposure-row.js";
import { hashKey, type KeyHash, NO_KEY } from "../keys/key-hash.js";
import { KeyTable } from "../keys/key-table.js";
import { Names } from "../keys/names.js";
import { NumberColumn } from "../keys/number-column.js";
import { madeOnce } from "../made-once.js";
import { KINDS, type Kind } from "./judgement.js";
import { KnownIds } from "./known-ids.js";

/** Number of exposures by kind. */
export type KindCounts = ReadonlyMap<Kind, number>;

/** The exposures of one flag on one day. */
export interface DayCounts {
  readonly flag: string;
  /** The day in UTC, e.g. `2026-02-01`. */
  readonly day: string;
  readonly counts: KindCounts;
}

/** Findings about several exposures. */
export interface AcrossExposures {
  /** Exposures that repeat the message id of an earlier one. */
  readonly duplicates: number;
  /** Exposures that are older than the previous exposure. Impossible times are ignored, see {@link TimeLimits}. */
  readonly outOfOrder: number;
  /** Exposures with an impossible time, see {@link TimeLimits}. */
  readonly outOfTime: OutOfTime;
  /** Exposures that are older than the only configuration; 0 if its age is unknown. */
  readonly olderThanConfiguration: number;
  /** Subjects that were logged with two variations of one experiment, at least one of which is wrong. */
  readonly twoVariations: number;
  /** Subjects that were logged with two variations of one experiment, each correct for the revision at its time. */
  readonly twoVariationsByRevision: number;
}

/** Exposures whose times are outside the {@link TimeLimits}. */
export interface OutOfTime {
  readonly count: number;
  /** Their earliest and latest time, epoch ms; `null` if there are none. */
  readonly span: { readonly fromMs: number; readonly toMs: number } | null;
}

/** The valid range of exposure times, inclusive, epoch ms. */
export interface TimeLimits {
  readonly fromMs: number;
  readonly toMs: number;
  /** When the only configuration was published, epoch ms; `null` if that is unknown or there are several. */
  readonly publishedMs: number | null;
}

const DAY_MS = 86_400_000;

/** Bits in the entry of a subject. The number of its first variation is in the bits above. */
const IS_WRONG = 1;
const HAS_TWO = 2;
const VARIATION = 4;

/** The number of exposures by kind, for each day since 1970. */
type Days = Map<number, number[]>;

/** Counts judged exposures. A hash of each distinct message id and subject is kept in memory. */
export class Summary {
  readonly #flags = new Map<string, Days>();
  readonly #ids = new KnownIds();
  readonly #subjects = new KeyTable();
  readonly #ofSubject = new NumberColumn((length) => new Uint32Array(length));
  readonly #variations = new Names();
  readonly #subject: KeyHash = { ...NO_KEY };
  readonly #id: KeyHash = { ...NO_KEY };
  #exposures = 0;
  #outOfOrder = 0;
  #older = 0;
  #previousMs = Number.NEGATIVE_INFINITY;
  readonly #limits: TimeLimits;
  #outOfTime: OutOfTime = { count: 0, span: null };

  constructor(limits: TimeLimits) {
    this.#limits = limits;
  }

  /** See {@link TimeLimits.publishedMs}. */
  get publishedMs(): number | null {
    return this.#limits.publishedMs;
  }

  get exposures(): number {
    return this.#exposures;
  }

  /** Number of rows with the id of a different row, see {@link KnownIds.unlike}. */
  get unlikeIds(): number {
    return this.#ids.unlike;
  }

  add(exposure: FlagExposure, kind: Kind): void {
    const { choice, flag, messageId, rowId, timeMs, variation } = exposure;
    const days = madeOnce(this.#flags, flag, (): Days => new Map());
    const counts = madeOnce(days, Math.floor(timeMs / DAY_MS), () => KINDS.map(() => 0));
    const number = KINDS.indexOf(kind);
    counts[number] = (counts[number] ?? 0) + 1;
    this.#exposures += 1;
    this.#noteTime(timeMs);
    const hasSubject = kind !== "overridden" && choice === null;
    const subject = this.#subject;
    if (hasSubject) {
      hashKey(flag, NO_KEY, subject);
      hashKey(`${exposure.experiment ?? exposure.allocation}`, subject, subject);
      hashKey(exposure.subject, subject, subject);
    }
    const id = messageId ?? rowId;
    if (id !== null) {
      hashKey(id, NO_KEY, this.#id);
      this.#ids.add({
        isOfColumn: messageId === null,
        low: this.#id.low,
        high: this.#id.high,
        subject: hasSubject ? subject.low : 0,
        timeMs,
      });
    }
    if (!hasSubject) return;
    const named = this.#variations.numberOf(variation ?? "");
    this.#noteSubject(subject.low, subject.high, named, kind !== "right");
  }

  /** Exposures with a wrong clock are counted separately, so that their neighbours stay in order. */
  #noteTime(timeMs: number): void {
    const { fromMs, publishedMs, toMs } = this.#limits;
    if (publishedMs !== null && timeMs < publishedMs) this.#older += 1;
    if (timeMs < fromMs || timeMs > toMs) {
      const { count, span } = this.#outOfTime;
      const first = Math.min(timeMs, span?.fromMs ?? timeMs);
      const last = Math.max(timeMs, span?.toMs ?? timeMs);
      this.#outOfTime = { count: count + 1, span: { fromMs: first, toMs: last } };
      return;
    }
    if (timeMs < this.#previousMs) this.#outOfOrder += 1;
    this.#previousMs = timeMs;
  }

  #noteSubject(low: number, high: number, variation: number, isOff: boolean): void {
    const { size } = this.#subjects;
    const number = this.#subjects.numberOf(low, high);
    const off = isOff ? IS_WRONG : 0;
    if (number === size) {
      this.#ofSubject.set(number, variation * VARIATION + off);
      return;
    }
    const known = this.#ofSubject.at(number);
    const isOther = Math.floor(known / VARIATION) !== variation;
    const next = (known | off | (isOther ? HAS_TWO : 0)) >>> 0;
    if (next !== known) this.#ofSubject.set(number, next);
  }

  /** The counts, sorted by flag and then by day. */
  get days(): readonly DayCounts[] {
    return [...this.#flags].flatMap(([flag, days]) =>
      [...days]
        .sort(([a], [b]) => a - b)
        .map(([day, counts]) => ({
          flag,
          day: new Date(day * DAY_MS).toISOString().slice(0, 10),
          counts: new Map(
            KINDS.map((kind, i) => [kind, counts[i] ?? 0] as const).filter(([, n]) => n > 0),
          ),
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
    for (let number = 0; number < this.#subjects.size; number++) {
      const known = this.#ofSubject.at(number);
      if ((known & HAS_TWO) === 0) continue;
      if ((known & IS_WRONG) === 0) twoVariationsByRevision += 1;
      else twoVariations += 1;
    }
    return {
      duplicates: this.#ids.duplicates,
      outOfOrder: this.#outOfOrder,
      outOfTime: this.#outOfTime,
      olderThanConfiguration: this.#older,
      twoVariations,
      twoVariationsByRevision,
    };
  }
}
