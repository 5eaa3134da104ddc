import type { Configuration } from "@sortition/core";
import type { CompiledFlag } from "@sortition/core/dialect";
import { growthbookExplainer } from "@sortition/growthbook/explain";
import { type JsonObject, optionalObjectField } from "../../evaluate/request.js";
import type { JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject, refuseOtherDialect } from "../../judge/subject-row.js";
import { growthbookComparisons } from "./compared-types.js";
import { growthbookExperiments } from "./experiments.js";
import { growthbookReads } from "./reads.js";
import { growthbookRules } from "./rules.js";

/** The attribute that is the subject's key. */
const KEY = "id";

/** The attribute that a rule hashes, and the one that it hashes if the subject lacks the first. */
function hashedByRule(
  flag: CompiledFlag,
  configuration: Configuration,
  allocation: string,
): readonly string[] | null {
  const { rules } = flag as { readonly rules?: readonly { readonly wire?: JsonObject }[] }; // a compiled feature has its rules
  const { allocations } = growthbookExplainer.describe(configuration, flag.key);
  const wire = rules?.[allocations.findIndex(({ key }) => key === allocation)]?.wire;
  if (wire === undefined) return null;
  const { fallbackAttribute, hashAttribute } = wire;
  return [`${hashAttribute || KEY}`, ...(fallbackAttribute ? [`${fallbackAttribute}`] : [])];
}

/** What GrowthBook adds to the commands that evaluate subjects. */
export const growthbookJudge: JudgeSupport = {
  ...growthbookRules,
  answersHaveValues: true,
  experiments: growthbookExperiments,
  hasDependencies: true,
  comparisons: growthbookComparisons,
  readsOf: growthbookReads,
  unitsOf(flag, configuration, allocation) {
    const names = allocation === null ? null : hashedByRule(flag, configuration, allocation);
    const [first, ...others] = names ?? [growthbookExplainer.hashedBy(configuration, flag) ?? KEY];
    return first === undefined || first === KEY ? null : [first, ...others];
  },
  subjectOf(row) {
    refuseOtherDialect(row, "growthbook");
    const context = optionalObjectField(row, "context");
    if (context === undefined) return plainSubject(row);
    return { key: "", attributes: optionalObjectField(context, "attributes") ?? {} };
  },
};
