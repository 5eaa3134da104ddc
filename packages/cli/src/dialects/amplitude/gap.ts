import {
  type AmplitudeConfiguration,
  isAmplitudeConfiguration,
} from "@sortition/amplitude/dialect";
import { amplitudeExplainer } from "@sortition/amplitude/explain";
import type { Configuration } from "@sortition/core";
import type { FlagGap } from "../../judge/flag-judge.js";
import { conditionsIn, type ReadingDialect, readsOfAll } from "../../judge/flag-reads.js";
import { lackingCohort } from "../../judge/lacking-cohort.js";
import { amplitudeRules } from "./rules.js";

const DIALECT: ReadingDialect = { explainer: amplitudeExplainer, judge: amplitudeRules };

type Cohorts = AmplitudeConfiguration["cohorts"];

/** Cohorts that a flag or its dependencies need and the file does not contain; `null` if there are none. */
export function amplitudeGap(flagKey: string, configuration: Configuration): FlagGap | null {
  if (!isAmplitudeConfiguration(configuration)) return null;
  const { flags } = readsOfAll(flagKey, configuration, DIALECT);
  const lacking = [...new Set(flags.flatMap((key) => cohortsOf(key, configuration)))].filter(
    (id) => !configuration.cohorts.has(id),
  );
  const [first] = lacking;
  if (first === undefined) return null;
  const sets = lacking.length === 1 ? [lacking] : [...lacking.map((id) => [id]), lacking];
  return {
    problem: lackingCohort(first),
    completed: sets.map((ids) => completed(configuration, ids)),
  };
}

function cohortsOf(key: string, configuration: AmplitudeConfiguration): readonly string[] {
  if (configuration.flag(key) === null) return [];
  return conditionsIn(amplitudeExplainer.describe(configuration, key)).flatMap(
    ({ attribute, expected }) =>
      attribute.endsWith("cohort_ids") && Array.isArray(expected) ? expected.map(String) : [],
  );
}

/** Returns the configuration with additional cohorts that contain every user and every group. */
function completed(
  configuration: AmplitudeConfiguration,
  ids: readonly string[],
): AmplitudeConfiguration {
  const groupTypes = new Map(
    [...configuration.references].flatMap(([type, them]) => [...them].map((id) => [id, type])),
  );
  const everybody = ids.map((id) => {
    const groupType = groupTypes.get(id) ?? "";
    return [id, { groupType, size: 0, fingerprint: "", has: () => true }] as const;
  });
  const cohorts: Cohorts = new Map([...configuration.cohorts, ...everybody]);
  // This is not a copy, because most members are computed when they are read.
  return Object.create(configuration, { cohorts: { value: cohorts } }) as AmplitudeConfiguration;
}
