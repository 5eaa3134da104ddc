import type { Subject } from "../model/subject.js";

/** Tests whether a subject satisfies a condition. May throw where the vendor's SDK would throw. */
export type Predicate = (subject: Subject) => boolean;

/** A condition that no subject satisfies. */
export const never: Predicate = () => false;

/** Returns a condition that throws each time it is reached, as the vendor's SDK does. */
export function throwing(cause: unknown): () => never {
  return () => {
    throw cause;
  };
}
