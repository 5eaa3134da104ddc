import type { Subject } from "../model/subject.js";

/**
 * Whether a subject satisfies a condition. May throw where the vendor's SDK would throw when it reaches
 * the condition.
 */
export type Predicate = (subject: Subject) => boolean;

/** No subject satisfies it. */
export const never: Predicate = () => false;

/** Throws each time it is reached, as the vendor does, and not before. */
export function throwing(cause: unknown): () => never {
  return () => {
    throw cause;
  };
}
