import type { JsonObject } from "../evaluate/request.js";
import type { Retyped } from "../judge/flag-judge.js";

/** An exposure as it was logged. */
export interface ExposureRow {
  /** The flag; `null` if only the experiment is known. */
  readonly flag: string | null;
  /** The subject's key; empty in a row of counts. */
  readonly subject: string;
  /** The column that the subject was read from, in an experiment table or by `--map`. */
  readonly subjectColumn?: string;
  /** Whether the subject is a device instead of a user, so that there is no key to hash. */
  readonly isAnonymous: boolean;
  /** Id of the person to whom the subject's key belongs; `null` if the event does not name it. */
  readonly person: string | null;
  readonly attributes: JsonObject;
  /** See `JudgedSubject.retyped`. */
  readonly retyped?: readonly Retyped[];
  /** `null` if the event has none. */
  readonly variation: string | null;
  /** The value of the variation, if the rows contain it instead of the key. Absent otherwise. */
  readonly variationValue?: unknown;
  readonly allocation: string | null;
  readonly experiment: string | null;
  /** Epoch ms; `NaN` for a row of counts without a time. */
  readonly timeMs: number;
  /** The second possible time, if clocks go back and the row names a local time that occurs twice. Absent otherwise. */
  readonly laterMs?: number;
  readonly messageId: string | null;
  /** The column `id` of a table, which may identify something other than the row; `null` if there is none. */
  readonly rowId: string | null;
  /** Whether the variation is named by its index; `null`: it may be, as in tables of experiments. */
  readonly isIndex: boolean | null;
  /** Whether the event shows that the assignment was overridden or forced. */
  readonly isForced: boolean;
  /** Whether the event shows that a GrowthBook sticky bucket kept an earlier variation. */
  readonly isSticky: boolean;
  /** Whether the event shows that the subject takes part in the experiment; `null` if it does not tell. */
  readonly isParticipant: boolean | null;
  /** Whether the event contains the flag's result even if the configuration logs no exposure. */
  readonly isAssignment: boolean;
  /**
   * The segment that an assignment of Amplitude names; `null` if it names none. Absent for all other events, in which
   * Amplitude's variation `off` is never the default.
   */
  readonly segment?: string | null;
  /** Number of distinct subjects in a row of counts; `null` for an exposure of one subject. */
  readonly count: number | null;
  /** The choice of a bandit; `null` if the exposure is an assignment. */
  readonly choice: LoggedChoice | null;
}

/** An exposure whose flag is known. */
export interface FlagExposure extends ExposureRow {
  readonly flag: string;
}

/** The logged choice of a bandit. */
export interface LoggedChoice {
  readonly banditKey: string | null;
  readonly modelVersion: string | null;
  readonly action: string;
  /** `null` if the event has none. */
  readonly probability: number | null;
  /** The actions that the bandit chose from, with their attributes; `null` if the event does not contain them. */
  readonly actions: JsonObject | null;
}

/** What exposures of most events and tables have. */
export const PLAIN_EXPOSURE = {
  messageId: null,
  rowId: null,
  isIndex: false,
  isAnonymous: false,
  isForced: false,
  isSticky: false,
  isParticipant: null,
  person: null,
  isAssignment: false,
  count: null,
  choice: null,
} as const;
