import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import type { LoggedEvent } from "./logged-event.js";

/** Experiment and allocation of an exposure, named as in its event. */
interface Way {
  readonly experiment?: string | null;
  readonly allocation?: string | null;
}

/**
 * Returns how a subject was assigned: by the allocation, by the experiment if there is no allocation, or by both if
 * the experiment has its own name. Two experiments of one flag may share an allocation or have none.
 */
export function viaOf(featureFlag: string, { allocation, experiment }: Way): string | null {
  if (allocation === null || allocation === undefined) return experiment ?? null;
  if (experiment === null || experiment === undefined || experiment === featureFlag) {
    return allocation;
  }
  // The default name of an experiment.
  if (experiment === `${featureFlag}-${allocation}`) return allocation;
  return JSON.stringify([allocation, experiment]);
}

/**
 * Returns the identity of an exposure: the parts of its message ID without the time. The deduplication of clients and
 * fleets and the IDs of loggers use it to distinguish exposures. Absent members are `null`.
 */
export function exposureParts({ kind, event }: LoggedEvent): readonly (string | null)[] {
  return kind === "assignment" ? assignmentParts(event) : banditParts(event);
}

/** {@link exposureParts} of an assignment. */
export function assignmentParts(
  event: Pick<
    AssignmentEvent,
    "featureFlag" | "allocation" | "experiment" | "variation" | "subject"
  >,
): readonly (string | null)[] {
  const { featureFlag, subject, variation } = event;
  return ["assignment", featureFlag, viaOf(featureFlag, event), variation ?? null, subject];
}

/** {@link exposureParts} of a bandit action. */
export function banditParts(
  event: Pick<BanditEvent, "flagKey" | "banditKey" | "action" | "subject" | "modelVersion">,
): readonly (string | null)[] {
  const { action, banditKey, flagKey, modelVersion, subject } = event;
  return ["bandit", flagKey, banditKey, action, subject, modelVersion];
}
