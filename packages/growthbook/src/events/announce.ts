import type { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";
import type { ObservedOutcome } from "../dialect/evaluation/experiment/outcome.js";
import type { Decision } from "../dialect/evaluation/feature/decision.js";
import { featureResultOf } from "../dialect/evaluation/results.js";
import { guarded, type Reports } from "../messages/reports.js";
import {
  EVENT_EXPERIMENT_VIEWED,
  EVENT_FEATURE_EVALUATED,
  type EventLogger,
  type FeatureUsageCallbackWithUser,
  type TrackingCallbackWithUser,
} from "./callbacks.js";
import { trackingUser, type UserContext } from "./user-context.js";

/** Callbacks for all users. They are called before those of the user. */
export interface GlobalCallbacks {
  trackingCallback: TrackingCallbackWithUser | undefined;
  onFeatureUsage: FeatureUsageCallbackWithUser | undefined;
  eventLogger: EventLogger | undefined;
}

/** The user and the settings that callbacks are called for. */
export interface Announcing {
  readonly global: GlobalCallbacks;
  readonly user: UserContext;
  readonly reports: Reports;
}

/**
 * Calls back with a result that was randomised and that the user's memory does not have.
 *
 * @returns whether a callback was called.
 */
export function announceExperiment(to: Announcing, outcome: ObservedOutcome): boolean {
  const { global, user } = to;
  if (user.enableDevMode && user.devLogs) {
    const { experiment, result } = outcome.made;
    const timestamp = Date.now().toString();
    user.devLogs.push({ experiment, result, timestamp, logType: "experiment" });
  }
  let isHeard = false;
  for (const owner of [global, user]) {
    // The first callback may have replaced the second.
    const callback = owner.trackingCallback;
    if (!callback) continue;
    isHeard = true;
    const { experiment, result } = outcome.made;
    guarded("trackingCallback failed", to, () => callback(experiment, result, trackingUser(user)));
  }
  const { eventLogger } = global;
  if (eventLogger) {
    const { experiment, result } = outcome.made;
    guarded("eventLogger failed", to, () => {
      // A track of a payload may lack the experiment or the result: this throws then, and there is no event.
      const { hashAttribute, hashValue, key: variationId } = result;
      const properties = { experimentId: experiment.key, variationId, hashAttribute, hashValue };
      return eventLogger(EVENT_EXPERIMENT_VIEWED, properties, trackingUser(user));
    });
  }
  if (user.experimentViewedSubs?.size) {
    const { experiment, result } = outcome.made;
    const who = trackingUser(user);
    for (const subscriber of user.experimentViewedSubs) {
      const problem = "a subscriber of experiments failed";
      guarded(problem, to, () => subscriber(experiment, result, who));
    }
  }
  return isHeard || !!eventLogger;
}

/**
 * Calls back with the value of a feature, unless the user's memory has the same.
 *
 * @returns whether a callback was called.
 */
export function announceUsage(
  to: Announcing,
  key: string,
  decision: Decision,
  context: EvaluationCall,
): boolean {
  const { global, user } = to;
  const { trackedFeatureUsage } = user;
  let isHeard = false;
  if (trackedFeatureUsage) {
    const text = jsonOf(decision);
    if (trackedFeatureUsage[key] === text) return false;
    trackedFeatureUsage[key] = text;
    if (user.enableDevMode && user.devLogs) {
      const timestamp = Date.now().toString();
      const result = featureResultOf(decision, context);
      user.devLogs.push({ featureKey: key, result, timestamp, logType: "feature" });
    }
    if (user.featureUsageSubs?.size) {
      isHeard = true;
      for (const subscriber of user.featureUsageSubs) {
        const problem = "a subscriber of feature usage failed";
        guarded(problem, to, () => subscriber(key, featureResultOf(decision, context)));
      }
    }
  }
  const { onFeatureUsage, eventLogger } = global;
  if (!(onFeatureUsage || user.onFeatureUsage || eventLogger)) return isHeard;
  const result = featureResultOf(decision, context);
  const problem = "onFeatureUsage failed";
  if (onFeatureUsage) guarded(problem, to, () => onFeatureUsage(key, result, trackingUser(user)));
  const { onFeatureUsage: onUsersUsage } = user;
  if (onUsersUsage) guarded(problem, to, () => onUsersUsage(key, result));
  if (eventLogger) {
    const { source, value, ruleId, experimentResult } = result;
    const properties = {
      feature: key,
      source,
      value,
      ruleId: source === "defaultValue" ? "$default" : ruleId || "",
      variationId: experimentResult ? experimentResult.key : "",
    };
    guarded("eventLogger failed", to, () =>
      eventLogger(EVENT_FEATURE_EVALUATED, properties, trackingUser(user)),
    );
  }
  return true;
}

/** Stands for all values that have no JSON. */
const NO_JSON = "no JSON";

/** JSON of the value. `JSON.stringify` takes longer for the most frequent ones. */
function jsonOf(decision: Decision): string {
  const { value } = decision;
  if (value === true) return "true";
  if (value === false) return "false";
  if (value === null) return "null";
  if (decision.kind === "assigned" && decision.json !== null) return decision.json;
  try {
    return JSON.stringify(value);
  } catch {
    return NO_JSON; // a value of the caller's code, with cycles
  }
}
