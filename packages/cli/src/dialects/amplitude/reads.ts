import { amplitudeExplainer } from "@sortition/amplitude/explain";
import type { Configuration } from "@sortition/core";
import { isJsonObject } from "../../evaluate/request.js";
import { conditionsIn, NOTHING_READ, type ReadsOf } from "../../judge/flag-reads.js";
import { amplitudeRules } from "./rules.js";

/** Paths of attributes begin with one of these, the longest first. */
const ROOTS: readonly string[] = ["user.user_properties.", "user."];
/** A condition on the result of another flag. */
const RESULT = "result.";
const COHORTS = /(?:^|\.)cohort_ids$/;

/** What a flag of Amplitude reads. */
export const amplitudeReads: ReadsOf = (flagKey, configuration, allocations) => {
  if (!configuration.flagKeys.has(flagKey)) return NOTHING_READ;
  const conditions = conditionsIn(
    amplitudeExplainer.describe(configuration, flagKey),
    allocations,
  ).filter(({ attribute: path }) => !path.startsWith(RESULT) && !COHORTS.test(path));
  const comparisons = conditions.map(({ attribute: path, expected }) => {
    const root = ROOTS.find((it) => path.startsWith(it)) ?? "";
    return { attribute: path.slice(root.length), expected };
  });
  const attributes = comparisons.map(({ attribute }) => attribute);
  return {
    attributes: attributes.filter((it) => !amplitudeRules.keyAttributes.includes(it)),
    flags: dependenciesIn(configuration).get(flagKey) ?? [],
    comparisons,
  };
};

type Dependencies = ReadonlyMap<string, readonly string[]>;

const read = new WeakMap<Configuration, Dependencies>();

/** The flags that each flag depends on directly, parsed once. */
function dependenciesIn(configuration: Configuration): Dependencies {
  const known = read.get(configuration);
  if (known !== undefined) return known;
  const bytes = configuration.payloads.find(({ part }) => part === "flags")?.bytes;
  const root: unknown = bytes === undefined ? [] : JSON.parse(new TextDecoder().decode(bytes));
  const flags = (Array.isArray(root) ? (root as readonly unknown[]) : []).filter(isJsonObject);
  const dependencies = new Map(
    flags.map(({ dependencies: them, key }) => {
      return [String(key), Array.isArray(them) ? them.map(String) : []] as const;
    }),
  );
  read.set(configuration, dependencies);
  return dependencies;
}
