import type { AutoExperiment, AutoExperimentChangeType } from "./auto-experiment.js";

/** Returns the kind of change that an auto experiment would make to a page. */
export function getAutoExperimentChangeType(exp: AutoExperiment): AutoExperimentChangeType {
  const variations: readonly unknown[] = exp.variations;
  const objects = variations.filter(
    (it): it is Record<string, unknown> => typeof it === "object" && it !== null,
  );
  if (exp.urlPatterns && objects.some((it) => "urlRedirect" in it)) return "redirect";
  const isVisual = objects.some((it) => it["domMutations"] || "js" in it || "css" in it);
  return isVisual ? "visual" : "unknown";
}
