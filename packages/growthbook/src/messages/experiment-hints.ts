import type { Experiment } from "../dialect/wire.js";
import type { Reports } from "./reports.js";

/** Warns once per experiment about weights and coverage that evaluation corrects. */
export function hintAtExperiment(experiment: Experiment<unknown>, reports: () => Reports): void {
  const { coverage, key, variations, weights } = experiment;
  if (typeof coverage === "number" && (coverage < 0 || coverage > 1)) {
    reports().warn("coverage is outside 0 … 1, so the nearest bound is used", { experiment: key });
  }
  if (!Array.isArray(weights)) return;
  // JavaScript callers may pass any value, including one that cannot be added.
  const sum = weights.reduce((total, it) => total + (typeof it === "number" ? it : Number.NaN), 0);
  if (weights.length === variations?.length && sum >= 0.99 && sum <= 1.01) return;
  reports().warn(
    "weights do not add up to 1 or do not match the number of variations, so equal weights are used",
    {
      experiment: key,
    },
  );
}
