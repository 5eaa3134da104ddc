import { Configuration } from "@sortition/core";
import { cohortPart } from "../../src/dialect/cohorts/cohort-parts.js";
import {
  type AmplitudeConfiguration,
  isAmplitudeConfiguration,
} from "../../src/dialect/configuration.js";
import { Outcome } from "../../src/dialect/evaluation/outcome.js";
import { amplitude } from "../../src/dialect/factory.js";

/** A body of the cohort endpoint. */
export interface CohortBody {
  readonly cohortId: string;
}

/** Compiles flags or the text of a payload, with cohorts. */
export function configurationOf(
  flags: readonly unknown[] | string,
  cohorts: readonly CohortBody[] = [],
): AmplitudeConfiguration {
  const parts = cohorts.map((it) => [cohortPart(it.cohortId), JSON.stringify(it)] as const);
  const configuration = Configuration.from({
    dialect: amplitude(),
    payloads: Object.fromEntries([
      ["flags", typeof flags === "string" ? flags : JSON.stringify(flags)],
      ...parts,
    ]),
  });
  if (!isAmplitudeConfiguration(configuration)) throw new Error("another dialect");
  return configuration;
}

/** Converts variants of the vendor's cases to results of an evaluation. */
export function resultsOf(
  variants: Readonly<Record<string, object>>,
): ReadonlyMap<string, Outcome> {
  return new Map(
    Object.entries(variants).map(([flagKey, variant]) => [
      flagKey,
      new Outcome({ how: "static", flagKey, flagMetadata: null, segmentMetadata: null, variant }),
    ]),
  );
}
