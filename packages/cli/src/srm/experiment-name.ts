/** The names of an experiment in its events. */
export interface ExperimentName {
  /** `null` if the events name only the experiment. */
  readonly flag: string | null;
  /** `null` if the events name no allocation. */
  readonly allocation: string | null;
  readonly experiment: string | null;
  /** Why the rows of this name cannot be tested; `null` if they can. */
  readonly problem: string | null;
}

/** A string that identifies the experiment. */
export function experimentId({ allocation, experiment, flag, problem }: ExperimentName): string {
  return `${flag ?? ""}\0${allocation}\0${experiment}\0${problem ?? ""}`;
}
