import type { FlagExposure } from "../events/exposure-row.js";
import type { SeenColumnsPart } from "../events/seen-columns.js";
import { hashKey, type KeyHash, NO_KEY } from "../keys/key-hash.js";
import { PartNames } from "../parts/part-names.js";
import { PartRows } from "../parts/part-rows.js";
import type { BadPart } from "../rows/bad-lines.js";
import { KINDS, type Kind } from "./judgement.js";
import type { UnresolvedFlag } from "./unresolved-flags.js";

/** The members of a row of {@link ReplayPart.rows}. */
export const AT = {
  timeMs: 0,
  /** An index into {@link KINDS}. */
  kind: 1,
  /** An index into {@link ReplayPart.flags}. */
  flag: 2,
  /** An index into {@link ReplayPart.variations}. */
  variation: 3,
  /** See {@link ID}. */
  idKind: 4,
  messageLow: 5,
  messageHigh: 6,
  /** Whether the row is included in the search for subjects with two variations. */
  hasSubject: 7,
  /** Hash of the flag, experiment and subject. */
  subjectLow: 8,
  subjectHigh: 9,
} as const;
/** Where the id of a row comes from. */
export const ID = {
  none: 0,
  ofMessage: 1,
  /** A column `id`, which may identify something other than the row. */
  ofColumn: 2,
} as const;
/** Number of members of a row. */
export const WIDTH = 10;

/** Judged exposures, in a form that is cheap to send to another thread. */
export interface ReplayPart {
  readonly bad: BadPart;
  readonly flags: readonly string[];
  readonly variations: readonly string[];
  /** For each exposure, {@link WIDTH} numbers (see {@link AT}). */
  readonly rows: Float64Array;
  /** Flags that could not be evaluated. */
  readonly unresolved: readonly UnresolvedFlag[];
  /** Names of experiments without a flag. */
  readonly unknownExperiments: readonly string[];
  /** The `--list` output for the wrong exposures. */
  readonly listed: string;
  /** Whether any row had each column of `--map`, in the order of the map. */
  readonly seenColumns: readonly boolean[];
  readonly columns: SeenColumnsPart;
  /** Number of exposures that lack an attribute that a rule read, by attribute path. */
  readonly missing: ReadonlyMap<string, number>;
}

/** Collects the exposures of a part. */
export class ReplayRows {
  readonly #flags = new PartNames();
  readonly #variations = new PartNames();
  readonly #rows = new PartRows(WIDTH);
  readonly #hash: KeyHash = { ...NO_KEY };

  get flags(): readonly string[] {
    return this.#flags.list;
  }

  get variations(): readonly string[] {
    return this.#variations.list;
  }

  get rows(): Float64Array {
    return this.#rows.rows;
  }

  add(exposure: FlagExposure, kind: Kind): void {
    const { choice, flag, messageId, rowId, timeMs, variation } = exposure;
    const start = this.#rows.add();
    const { values } = this.#rows;
    values[start + AT.timeMs] = timeMs;
    values[start + AT.kind] = KINDS.indexOf(kind);
    values[start + AT.flag] = this.#flags.numberOf(flag);
    const hash = this.#hash;
    const id = messageId ?? rowId;
    if (id !== null) {
      hashKey(id, NO_KEY, hash);
      values[start + AT.idKind] = messageId === null ? ID.ofColumn : ID.ofMessage;
      values[start + AT.messageLow] = hash.low;
      values[start + AT.messageHigh] = hash.high;
    }
    if (kind === "overridden" || choice !== null) return;
    hashKey(flag, NO_KEY, hash);
    hashKey(`${exposure.experiment ?? exposure.allocation}`, hash, hash);
    hashKey(exposure.subject, hash, hash);
    values[start + AT.variation] = this.#variations.numberOf(variation ?? "");
    values[start + AT.hasSubject] = 1;
    values[start + AT.subjectLow] = hash.low;
    values[start + AT.subjectHigh] = hash.high;
  }
}

/** For each index into {@link KINDS}, whether an exposure of this kind is not known to be right. */
export const IS_NOT_RIGHT: readonly boolean[] = KINDS.map((kind) => kind !== "right");
