import type { Decided } from "../decisions.js";
import type { Step } from "./step.js";

// The lease. Its holder is the leader, which alone follows the origin's stream.

export function hold(step: Step, n: string): void {
  const { hasStream, settings } = step.at;
  step.actions.push({ do: "note-lease", n });
  if (hasStream && step.state.followed !== n) {
    // Another worker may have led meanwhile, and have published what has not reached this process yet.
    step.state.followed = n;
    step.actions.push({ do: "follow", n });
    // Else the stream would wait for the next poll: it is opened after the first attempt.
    step.wishPoll();
  }
  if (step.state.role === "leader") return;
  step.state.role = "leader";
  step.count("leaseAcquired");
  step.say("info", "became leader", { namespace: settings.namespace.name, fence: n });
}

/** This worker does not hold the lease, or may not use it. Nothing happens if it did not lead. */
export function lose(step: Step): void {
  if (step.state.role !== "leader") return;
  stepDown(step, "follower");
  step.count("leaseLost");
  step.say("warn", "lease lost");
}

export function stepDown(step: Step, role: Exclude<Decided["role"], "leader">): void {
  step.state.role = role;
  if (step.state.followed === null) return;
  step.state.followed = null;
  step.actions.push({ do: "unfollow" });
}

/** Leaves the lease to others for so many intervals. */
export function decline(step: Step, intervals: number): void {
  const { nowMs, settings } = step.at;
  step.state.declinedUntilMs = nowMs + intervals * settings.pollIntervalMs;
}

/** Gives the lease back, and leaves it to others for so many intervals. */
export function resign(step: Step, intervals: number): void {
  step.state.failedAttempts = 0;
  step.state.failedRecords = 0;
  decline(step, intervals);
  step.actions.push({ do: "release" });
}
