import type { JsonObject } from "../evaluate/request.js";

/** An exposure as it was logged. */
export interface ExposureRow {
  readonly flag: string;
  readonly subject: string;
  readonly attributes: JsonObject;
  /** `null`: the event has none. */
  readonly variation: string | null;
  readonly allocation: string | null;
  readonly experiment: string | null;
  readonly timeMs: number;
  readonly messageId: string | null;
  /** Whether the event says that the assignment was overridden or forced. */
  readonly isForced: boolean;
  /** Whether the event says that the variation is a former one, which GrowthBook's sticky buckets kept. */
  readonly isSticky: boolean;
  /** Of a bandit's action; `null`: the exposure is an assignment. */
  readonly choice: LoggedChoice | null;
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
