import type { Subject } from "../model/subject.js";

/**
 * Tells whether a subject satisfies something. May throw, where the vendor's SDK would throw when it
 * reaches the condition.
 */
export type Predicate = (subject: Subject) => boolean;

/** Satisfied by nobody. */
export const never: Predicate = () => false;

/** Fails whenever it is reached, as the vendor does, and not before. */
export function throwing(cause: unknown): Predicate {
  return () => {
    throw cause;
  };
}
