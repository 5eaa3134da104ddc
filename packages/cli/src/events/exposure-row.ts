import type { JsonObject } from "../evaluate/request.js";

/** An exposure as it was logged. */
export interface ExposureRow {
  /** `null`: it follows from the experiment, which is then not `null`. */
  readonly flag: string | null;
  /** Empty in a row of counts. */
  readonly subject: string;
  /** Whether it names a device in place of the user, so that there is no key to hash. */
  readonly isAnonymous: boolean;
  readonly attributes: JsonObject;
  /** `null`: the event has none. */
  readonly variation: string | null;
  readonly allocation: string | null;
  readonly experiment: string | null;
  /** `NaN`: a row of counts has none. */
  readonly timeMs: number;
  readonly messageId: string | null;
  /** The column `id` of a table, which may identify something other than the row; `null`: there is none. */
  readonly rowId: string | null;
  /** Whether the variation may be named by its index, as tables of experiments do. */
  readonly mayHaveIndex: boolean;
  /** Whether the event says that the assignment was overridden or forced. */
  readonly isForced: boolean;
  /** Whether the event says that the variation is a former one, which GrowthBook's sticky buckets kept. */
  readonly isSticky: boolean;
  /** Whether the event names what the flag gave, also where the configuration logs no exposure. */
  readonly isAssignment: boolean;
  /** How many distinct subjects a row of counts stands for; `null`: it is an exposure of one subject. */
  readonly count: number | null;
  /** Of a bandit's action; `null`: the exposure is an assignment. */
  readonly choice: LoggedChoice | null;
}

/** An exposure whose flag is known. */
export interface FlagExposure extends ExposureRow {
  readonly flag: string;
}

/** The choice of a bandit, as it was logged. */
export interface LoggedChoice {
  readonly banditKey: string | null;
  readonly modelVersion: string | null;
  readonly action: string;
  /** `null`: the event has none. */
  readonly probability: number | null;
  /** The actions that the bandit chose from, with their attributes; `null`: the event does not say. */
  readonly actions: JsonObject | null;
}
