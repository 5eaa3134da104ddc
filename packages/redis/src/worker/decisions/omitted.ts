import type { Decision } from "./decision.js";

// Parts that are too large to be stored. A worker that lacks one fetches it from the origin, at most once per interval,
// and keeps its own copy until then. The leader has what it published.

export function isMissing(decision: Decision): boolean {
  return decision.state.role !== "leader" && decision.at.held.lacksParts;
}

export function reviewOmitted(decision: Decision): void {
  if (!isMissing(decision)) {
    decision.cancel("omitted");
    decision.state.isOmittedPlanned = false;
  } else if (!decision.state.isOmittedPlanned) {
    planOmitted(decision, decision.at.draw * decision.at.settings.pollIntervalMs);
  }
}

export function planOmitted(decision: Decision, delayMs: number): void {
  decision.state.isOmittedPlanned = true;
  decision.set("omitted", delayMs);
}
