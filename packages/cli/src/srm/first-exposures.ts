import type { ExposureRow } from "../events/exposure-row.js";

/** What is known of one subject of an experiment: its first exposure, and what came later. */
export interface FirstExposure {
  readonly subject: string;
  timeMs: number;
  variation: string;
  /** Values of the attributes that are asked for. */
  values: readonly string[];
  hasOtherVariation: boolean;
  /** Whether the first exposure has the message id of another subject's exposure. */
  isCopy: boolean;
}

/** The subjects of one experiment. */
export interface ExperimentSubjects {
  readonly flag: string;
  /** `null`: the events have none. */
  readonly allocation: string | null;
  readonly experiment: string | null;
  readonly subjects: ReadonlyMap<string, FirstExposure>;
  /** Exposures, those of the same subject included. */
  readonly exposures: number;
}

interface Growing extends ExperimentSubjects {
  readonly subjects: Map<string, FirstExposure>;
  exposures: number;
}

/** Shown in place of a value that the subject does not have. */
const NO_VALUE = "(none)";

/** Collects the first exposures of distinct subjects, by experiment. Memory grows with the subjects, not with the events. */
export class FirstExposures {
  readonly #attributes: readonly string[];
  readonly #experiments = new Map<string, Growing>();
  readonly #subjectByMessage = new Map<string, string>();

  /** @param attributes - whose values are kept. */
  constructor(attributes: readonly string[]) {
    this.#attributes = attributes;
  }

  get experiments(): readonly ExperimentSubjects[] {
    return [...this.#experiments.values()];
  }

  add(exposure: ExposureRow): void {
    const { allocation, attributes, choice, experiment, flag, subject, timeMs, variation } =
      exposure;
    // The assignment behind an action is an event of its own.
    if (choice !== null || variation === null || exposure.isForced) return;
    const growing = this.#experimentOf(flag, allocation, experiment);
    growing.exposures += 1;
    const known = growing.subjects.get(subject);
    if (known !== undefined) {
      if (known.variation !== variation) known.hasOtherVariation = true;
      if (timeMs >= known.timeMs) return;
    }
    const values = this.#attributes.map((name) => {
      const value = attributes[name];
      if (value === undefined || value === null) return NO_VALUE;
      return typeof value === "string" ? value : JSON.stringify(value);
    });
    const isCopy = this.#isCopy(exposure);
    if (known === undefined) {
      const first = { subject, timeMs, variation, values, hasOtherVariation: false, isCopy };
      growing.subjects.set(subject, first);
    } else Object.assign(known, { timeMs, variation, values, isCopy });
  }

  #experimentOf(flag: string, allocation: string | null, experiment: string | null): Growing {
    const key = `${flag}\0${allocation}\0${experiment}`;
    const known = this.#experiments.get(key);
    if (known !== undefined) return known;
    const made = { flag, allocation, experiment, subjects: new Map(), exposures: 0 };
    this.#experiments.set(key, made);
    return made;
  }

  #isCopy({ messageId, subject }: ExposureRow): boolean {
    if (messageId === null) return false;
    const owner = this.#subjectByMessage.get(messageId);
    if (owner === undefined) this.#subjectByMessage.set(messageId, subject);
    return owner !== undefined && owner !== subject;
  }
}
