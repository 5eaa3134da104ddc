import { KeyTable } from "../keys/key-table.js";
import { NumberColumn } from "../keys/number-column.js";
import { PartNames } from "../parts/part-names.js";
import { KINDS, type Kind } from "./judgement.js";
import { KnownIds } from "./known-ids.js";
import { AT, IS_NOT_RIGHT, type ReplayPart, WIDTH } from "./replay-part.js";

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
  readonly #variations = new PartNames();
  #exposures = 0;
  #outOfOrder = 0;
  #previousMs = Number.NEGATIVE_INFINITY;
  readonly #limits: TimeLimits;
  #outOfTime: OutOfTime = { count: 0, span: null };

  constructor(limits: TimeLimits) {
    this.#limits = limits;
  }

  get exposures(): number {
    return this.#exposures;
  }

  /** Number of rows with the id of a different row, see {@link KnownIds.unlike}. */
  get unlikeIds(): number {
    return this.#ids.unlike;
  }

  add({ flags, rows, variations }: Pick<ReplayPart, "flags" | "variations" | "rows">): void {
    const daysOf = flags.map((flag) => this.#daysOf(flag));
    const numbers = variations.map((variation) => this.#variations.numberOf(variation));
    // An indexed loop is faster, and other threads wait for this one.
    for (let at = 0; at < rows.length; at += WIDTH) {
      const of = (member: number): number => rows[at + member] as number; // a row has all members
      const [timeMs, kind] = [of(AT.timeMs), of(AT.kind)];
      const days = daysOf[of(AT.flag)] as Days; // an index of the same part
      const day = Math.floor(timeMs / DAY_MS);
      let counts = days.get(day);
      if (counts === undefined) {
        counts = KINDS.map(() => 0);
        days.set(day, counts);
      }
      counts[kind] = (counts[kind] ?? 0) + 1;
      this.#noteTime(timeMs);
      this.#ids.add({
        kind: of(AT.idKind),
        low: of(AT.messageLow),
        high: of(AT.messageHigh),
        subject: of(AT.subjectLow),
        timeMs,
      });
      if (of(AT.hasSubject) === 0) continue;
      const number = numbers[of(AT.variation)] as number; // an index of the same part
      const isOff = IS_NOT_RIGHT[kind] === true;
      this.#noteSubject(of(AT.subjectLow), of(AT.subjectHigh), number, isOff);
    }
    this.#exposures += rows.length / WIDTH;
  }

  /** Exposures with a wrong clock are counted separately, so that their neighbours stay in order. */
  #noteTime(timeMs: number): void {
    const { fromMs, toMs } = this.#limits;
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

  #daysOf(flag: string): Days {
    const known = this.#flags.get(flag);
    if (known !== undefined) return known;
    const made: Days = new Map();
    this.#flags.set(flag, made);
    return made;
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
      twoVariations,
      twoVariationsByRevision,
    };
  }
}
