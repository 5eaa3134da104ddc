import type { Decision } from "./decision.js";
import type { Decided } from "./transition.js";

// The holder of the lease is the leader. Only the leader follows the origin's stream.

export function hold(decision: Decision, n: string): void {
  const { hasStream, settings } = decision.at;
  decision.actions.push({ do: "note-lease", n });
  if (hasStream && decision.state.followed !== n) {
    // Another worker may have led in the meantime and published a configuration that this process does not have yet.
    decision.state.followed = n;
    decision.actions.push({ do: "follow", n });
    // The stream opens after the first poll, so poll now instead of after an interval.
    decision.wishPoll();
  }
  if (decision.state.role === "leader") return;
  decision.state.role = "leader";
  decision.count("leaseAcquired");
  decision.say("info", "became leader", { namespace: settings.namespace.name, fence: n });
}

/** Called when this worker does not hold the lease or may not use it. Does nothing if it did not lead. */
export function lose(decision: Decision): void {
  if (decision.state.role !== "leader") return;
  stepDown(decision, "follower");
  decision.count("leaseLost");
  decision.say("warn", "lease lost");
}

export function stepDown(decision: Decision, role: Exclude<Decided["role"], "leader">): void {
  decision.state.role = role;
  if (decision.state.followed === null) return;
  decision.state.followed = null;
  decision.actions.push({ do: "unfollow" });
}

/** Leaves the lease to other workers for this many intervals. */
export function decline(decision: Decision, intervals: number): void {
  const { nowMs, settings } = decision.at;
  decision.state.declinedUntilMs = nowMs + intervals * settings.pollIntervalMs;
}

/** Releases the lease, and does not request it again for this many intervals. */
export function resign(decision: Decision, intervals: number): void {
  decision.state.failedAttempts = 0;
  decision.state.failedRecords = 0;
  decline(decision, intervals);
  decision.actions.push({ do: "release" });
}
