import type { PlainExposure } from "../events/plain-exposure.js";
import type { CoreSubjectClient } from "./core-subject-client.js";
import type { SubjectClient } from "./subject-client.js";

/** A flag that a subject client read. */
export interface ReadWithExposures<T> {
  readonly value: T;
  /** Whether nothing was assigned, so that `value` is the default. */
  readonly isDefault: boolean;
  /** Whether an override of the client or the subject determines the value. */
  readonly isOverridden: boolean;
  /** The exposures that `exposed(flagKey)` would log, prerequisites first. They stay kept until then. */
  readonly unshown: readonly PlainExposure[];
}

/**
 * Reads a flag of a subject client with the getter for the default's type. A number also reads integer flags, and
 * `undefined` reads flags of any type.
 *
 * @param client - created by `forSubject`, also of another copy of this release.
 */
export function readWithExposures<T>(
  client: SubjectClient,
  flagKey: string,
  defaultValue: T,
): ReadWithExposures<T> {
  if (!("readWithExposures" in client)) {
    throw new TypeError("expected a client that forSubject created");
  }
  return (client as CoreSubjectClient<object>).readWithExposures(flagKey, defaultValue);
}
