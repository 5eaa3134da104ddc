import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";
import type { LoggedEvent } from "./logged-event.js";

/** The experiment and allocation of an exposure, by the names of its event. */
interface Way {
  readonly experiment?: string | null;
  readonly allocation?: string | null;
}

/**
 * The way by which a subject was assigned: the allocation, the experiment if there is none, and both if the
 * experiment has a name of its own. Two experiments of one flag may share an allocation, or have none.
 */
export function viaOf(featureFlag: string, { allocation, experiment }: Way): string | null {
  if (allocation === null || allocation === undefined) return experiment ?? null;
  if (experiment === null || experiment === undefined || experiment === featureFlag) {
    return allocation;
  }
  // The name that an experiment has by default.
  if (experiment === `${featureFlag}-${allocation}`) return allocation;
  return JSON.stringify([allocation, experiment]);
}

/**
 * The identity of an exposure, independent of its time: the parts of its message id without the time. The
 * memory of a client, a fleet and the ids of loggers tell exposures apart by it. Absent members are `null`.
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

/** {@link exposureParts} of a bandit's choice. */
export function banditParts(
  event: Pick<BanditEvent, "flagKey" | "banditKey" | "action" | "subject" | "modelVersion">,
): readonly (string | null)[] {
  const { action, banditKey, flagKey, modelVersion, subject } = event;
  return ["bandit", flagKey, banditKey, action, subject, modelVersion];
}
