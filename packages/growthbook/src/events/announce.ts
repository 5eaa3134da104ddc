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

/** Callbacks for all users. They are called before the user's own. */
export interface GlobalCallbacks {
  trackingCallback: TrackingCallbackWithUser | undefined;
  onFeatureUsage: FeatureUsageCallbackWithUser | undefined;
  eventLogger: EventLogger | undefined;
}

/** The user and the settings for which callbacks are called. */
export interface Announcing {
  readonly global: GlobalCallbacks;
  readonly user: UserContext;
  readonly reports: Reports;
}

/**
 * Calls the callbacks with a randomised result that is not in the user's memory.
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
    // Read here, because the first callback may have replaced the second.
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
      // A track in a payload may lack the experiment or the result. This line then throws, and no event is sent.
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
 * Calls the callbacks with the value of a feature, unless the same value is in the user's memory.
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

/** Represents all values that cannot be serialized to JSON. */
const NO_JSON = "no JSON";

/** Returns the value as JSON, with shortcuts for the most frequent values. */
function jsonOf(decision: Decision): string {
  const { value } = decision;
  if (value === true) return "true";
  if (value === false) return "false";
  if (value === null) return "null";
  if (decision.kind === "assigned" && decision.json !== null) return decision.json;
  try {
    return JSON.stringify(value);
  } catch {
    return NO_JSON; // a circular value from the caller's code
  }
}
