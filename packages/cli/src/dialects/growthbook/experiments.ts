import { growthbookExplainer } from "@sortition/growthbook/explain";
import { type FindExperiments, listedExperiments } from "../../judge/experiment-names.js";

/** The parts of a compiled rule that are read here. A malformed rule has no `effect`. */
interface ExperimentRule {
  readonly effect?: {
    readonly kind: string;
    readonly experiment?: { readonly key: unknown };
  } | null;
}

/**
 * GrowthBook's experiments. An experiment is named by the key of its rule, or else by the key of its feature. Its
 * variations are numbered.
 */
export const growthbookExperiments: FindExperiments = listedExperiments(function* (configuration) {
  for (const flag of configuration.flagKeys) {
    const { rules } = configuration.flag(flag) as { readonly rules?: unknown }; // a compiled feature has its rules
    if (!Array.isArray(rules)) continue;
    const { allocations } = growthbookExplainer.describe(configuration, flag);
    for (const [i, { effect }] of (rules as readonly ExperimentRule[]).entries()) {
      if (effect?.kind !== "experiment") continue;
      const allocation = allocations[i]; // one for each rule
      const variations = allocation?.splits.map(({ variation }) => variation) ?? [];
      const own = { flag, allocation: allocation?.key ?? null, variations };
      yield [String(effect.experiment?.key), own];
    }
  }
});
