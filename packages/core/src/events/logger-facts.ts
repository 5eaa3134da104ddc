import type { AssignmentLogger } from "../delivery/assignment-logger.js";

/** Whether the client closes it. A logger is the user's code, and may throw at anything. */
export function isOwned(logger: AssignmentLogger): boolean {
  try {
    return logger.owned === true;
  } catch {
    return false;
  }
}

/** A frozen copy of what it says about itself, `null` if it says nothing. */
export function statsOf(logger: AssignmentLogger): object | null {
  try {
    const stats: unknown = logger.stats?.();
    return typeof stats === "object" && stats !== null ? Object.freeze({ ...stats }) : null;
  } catch {
    return null;
  }
}
