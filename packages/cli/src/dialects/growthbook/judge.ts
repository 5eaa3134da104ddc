import { optionalObjectField } from "../../evaluate/request.js";
import type { JudgeSupport } from "../../judge/flag-judge.js";
import { plainSubject, refuseOtherDialect } from "../../judge/subject-row.js";
import { growthbookExperiments } from "./experiments.js";
import { growthbookRules } from "./rules.js";

/** A compiled rule, as far as it is read here; a malformed one has no wire. */
interface HashingRule {
  readonly wire?: { readonly hashAttribute?: string };
}

/** What GrowthBook adds to the commands that evaluate subjects. */
export const growthbookJudge: JudgeSupport = {
  ...growthbookRules,
  answersHaveValues: true,
  experiments: growthbookExperiments,
  hasDependencies: true,
  unitOf(flag, configuration) {
    const name = growthbookJudge.hashedBy(flag, configuration);
    return name === "id" ? null : name;
  },
  hashedBy(flag) {
    const { rules } = flag as { readonly rules?: unknown }; // a compiled feature has its rules
    if (!Array.isArray(rules)) return "id";
    const names = (rules as readonly HashingRule[]).map(({ wire }) => wire?.hashAttribute || "id");
    const [name = "id", ...others] = new Set(names);
    // Equal seeds hash different attributes to different shards.
    return others.length === 0 ? name : null;
  },
  subjectOf(row) {
    refuseOtherDialect(row, "growthbook");
    const context = optionalObjectField(row, "context");
    if (context === undefined) return plainSubject(row);
    return { key: "", attributes: optionalObjectField(context, "attributes") ?? {} };
  },
};
