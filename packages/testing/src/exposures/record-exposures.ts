import type { AssignmentEvent, AssignmentLogger, BanditEvent } from "@sortition/core";

/** A recorded event. */
export type Exposure = AssignmentEvent | BanditEvent;

/** Marks recorders, so that the ES module and the CommonJS copy of this package accept each other's. */
const RECORDER: unique symbol = Symbol.for("@sortition/testing.recorder");

/** A logger that records events. Pass it to a client as the option `assignmentLogger`. */
export interface ExposureRecorder extends AssignmentLogger {
  readonly [RECORDER]: true;
  /** Assignments, in the order in which they were logged. */
  readonly assignments: readonly AssignmentEvent[];
  /** Bandit actions, in the order in which they were logged. */
  readonly bandits: readonly BanditEvent[];
  logBanditAction(event: BanditEvent): void;
  /** Returns the assignments of a flag. */
  of(flagKey: string): readonly AssignmentEvent[];
  /** Clears the recorded events. */
  clear(): void;
  /** Resolves with the next event of either kind. */
  next(): Promise<Exposure>;
}

/** Creates a logger that records. */
export function recordExposures(): ExposureRecorder {
  const assignments: AssignmentEvent[] = [];
  const bandits: BanditEvent[] = [];
  let waiting: ((event: Exposure) => void)[] = [];
  const wake = (event: Exposure): void => {
    const waiters = waiting;
    waiting = [];
    for (const resolve of waiters) resolve(event);
  };
  return {
    [RECORDER]: true,
    assignments,
    bandits,
    logAssignment(event) {
      assignments.push(event);
      wake(event);
    },
    logBanditAction(event) {
      bandits.push(event);
      wake(event);
    },
    of: (flagKey) => assignments.filter(({ featureFlag }) => featureFlag === flagKey),
    clear() {
      assignments.length = 0;
      bandits.length = 0;
    },
    next: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

/** Whether a value was created by {@link recordExposures} of any copy of this package. */
export function isRecorder(value: unknown): value is ExposureRecorder {
  return typeof value === "object" && value !== null && RECORDER in value;
}
