import type { Step } from "./step.js";

// Parts that are too large to be stored. A worker that lacks one makes an attempt of its own, at most one per interval,
// and keeps its own copy until then. The leader has what it published.

export function isMissing(step: Step): boolean {
  return step.state.role !== "leader" && step.at.held.lacksParts;
}

export function reviewOmitted(step: Step): void {
  if (!isMissing(step)) {
    step.cancel("omitted");
    step.state.isOmittedPlanned = false;
  } else if (!step.state.isOmittedPlanned) {
    planOmitted(step, step.at.u * step.at.settings.pollIntervalMs);
  }
}

export function planOmitted(step: Step, delayMs: number): void {
  step.state.isOmittedPlanned = true;
  step.set("omitted", delayMs);
}
