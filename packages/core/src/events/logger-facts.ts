import type { AssignmentLogger } from "../delivery/assignment-logger.js";

/** Whether the client closes the logger. Reading a member of a user's object may throw. */
export function isOwned(logger: AssignmentLogger): boolean {
  try {
    return logger.owned === true;
  } catch {
    return false;
  }
}

/** Returns a frozen copy of the result of `stats()`, or `null` if the method is missing or failed. */
export function statsOf(logger: AssignmentLogger): object | null {
  try {
    const stats: unknown = logger.stats?.();
    return typeof stats === "object" && stats !== null ? Object.freeze({ ...stats }) : null;
  } catch {
    return null;
  }
}
