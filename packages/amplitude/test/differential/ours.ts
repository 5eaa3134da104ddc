import { enrichUser } from "../../src/dialect/evaluation/enrich-user.js";
import {
  type AmplitudeConfiguration,
  assignmentToLog,
  evaluateUser,
  exposuresToLog,
  TrackingFilter,
  toVariants,
} from "../../src/dialect.js";
import { configurationOf } from "../conformance/configuration.js";
import type { Call } from "./calls.js";
import type { GeneratedConfiguration } from "./configurations.js";
import { type Outcome, thrown } from "./outcome.js";

/** Our local evaluation with its tracking. */
export class Ours {
  readonly configuration: AmplitudeConfiguration;
  readonly #assignments: TrackingFilter;
  readonly #exposures: TrackingFilter;

  /**
   * @param spoilt - replaces the flags of the configuration: other flags, or the text of a payload.
   */
  constructor(
    { cacheCapacity, cohorts, flags }: GeneratedConfiguration,
    spoilt: readonly object[] | string = flags,
  ) {
    this.configuration = configurationOf(spoilt, cohorts);
    this.#assignments = new TrackingFilter(cacheCapacity);
    this.#exposures = new TrackingFilter(cacheCapacity);
  }

  run({ flagKeys, isDeprecated, nowMs, tracksExposure, user: given }: Call): Outcome {
    const user = structuredClone(given);
    try {
      enrichUser(user, this.configuration);
      const results = evaluateUser(this.configuration, user, flagKeys);
      const variants = toVariants(results, isDeprecated);
      const tracked = { user, results, timestampMs: nowMs };
      const assignment = assignmentToLog(tracked, this.#assignments);
      return {
        variants,
        order: Object.keys(variants),
        assignments: assignment === null ? [] : [assignment],
        exposures: tracksExposure ? exposuresToLog(tracked, this.#exposures) : [],
        user,
      };
    } catch (error) {
      return thrown(error);
    }
  }
}
