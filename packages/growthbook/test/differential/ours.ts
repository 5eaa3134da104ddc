import type { ConditionInterface } from "../../src/dialect/condition/condition-interface.js";
import { evalCondition } from "../../src/dialect/condition/eval-condition.js";
import { contextualBanditsOf } from "../../src/dialect/contextual-bandits.js";
import { evalFeature, runExperiment } from "../../src/dialect/evaluation/evaluate.js";
import { featureResultOf } from "../../src/dialect/evaluation/results.js";
import type { Experiment, SavedGroupsPayload } from "../../src/dialect/wire.js";
import { contextOf } from "../vendor-context.js";
import type { Session } from "./calls.js";
import { answerOf, copied, type Outcome } from "./outcome.js";
import type { GeneratedPayload } from "./payloads.js";

type Given = Omit<GeneratedPayload, "faults">;

/** Runs a session with our evaluator. */
export function askOurs({ conditions, payload }: Given, session: Session): Outcome {
  const { asked, kind, options } = session;
  const calls: unknown[][] = [];
  const saved: Outcome["saved"][number][] = [];
  const docs = session.docs === null ? null : structuredClone(session.docs);
  const context = contextOf({ ...options, ...payload });
  context.contextualBandits = contextualBanditsOf(payload.contextualBandits);
  if (docs !== null) {
    context.sticky = { docs, save: (doc) => saved.push(structuredClone(doc)) };
  }
  // Instances call back once for equal results, but the multi-user client calls back each time.
  const isOnce = kind === "instance";
  const seen = new Set<string>();
  const used = new Map<string, string | undefined>();
  context.observer = {
    viewed(outcome) {
      const { experiment, result } = outcome.made;
      const key = isOnce
        ? `${result.hashAttribute}${result.hashValue}${experiment.key}${result.variationId}`
        : "";
      if (isOnce && seen.has(key)) return outcome;
      seen.add(key);
      calls.push(["viewed", copied(experiment), copied(result)]);
      return outcome;
    },
    used(key, decision, evaluation) {
      const result = featureResultOf(decision, evaluation);
      const json = JSON.stringify(result.value);
      if (isOnce && used.get(key) === json) return;
      used.set(key, json);
      calls.push(["used", key, copied(result)]);
    },
  };
  const answers = asked.map((it) =>
    answerOf(() => {
      if ("feature" in it) return evalFeature(it.feature, context);
      if ("experiment" in it) {
        return runExperiment(it.experiment as unknown as Experiment<unknown>, null, context);
      }
      // The condition may be malformed.
      const condition = conditions[it.condition] as ConditionInterface;
      const savedGroups = payload.savedGroups as SavedGroupsPayload;
      return evalCondition(options.attributes, condition, savedGroups);
    }),
  );
  return { answers, calls, docs, saved };
}
