import type { AutoExperiment, AutoExperimentChangeType } from "../model/auto-experiment.js";

/** What an auto experiment would change on a page. */
export function getAutoExperimentChangeType(exp: AutoExperiment): AutoExperimentChangeType {
  const variations: readonly unknown[] = exp.variations;
  const objects = variations.filter(
    (it): it is Record<string, unknown> => typeof it === "object" && it !== null,
  );
  if (exp.urlPatterns && objects.some((it) => "urlRedirect" in it)) return "redirect";
  const isVisual = objects.some((it) => it["domMutations"] || "js" in it || "css" in it);
  return isVisual ? "visual" : "unknown";
}

/** Adds the query parameters of the old URL that the new one lacks. */
export function mergeQueryStrings(oldUrl: string, newUrl: string): string {
  if (!URL.canParse(oldUrl) || !URL.canParse(newUrl)) return newUrl;
  const target = new URL(newUrl);
  for (const [name, value] of new URL(oldUrl).searchParams) {
    if (!target.searchParams.has(name)) target.searchParams.set(name, value);
  }
  return target.toString();
}
