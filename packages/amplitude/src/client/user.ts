import type { ExperimentUser as EvaluatedUser } from "../dialect/user.js";

/** Value of a user or group property. */
export type PropertyValue = string | number | boolean | (string | number | boolean)[];

/**
 * A user, with the names that the vendor's servers use. `device_id` and `user_id` identify; every other
 * member can be targeted. Members that are not listed are sent, and ignored by local evaluation. `library`
 * is set by the remote client unless given.
 *
 * @see docs/spec/amplitude.md
 */
export interface ExperimentUser extends EvaluatedUser {
  user_properties?: Record<string, PropertyValue> | undefined;
  /** By group type and group name. */
  group_properties?: Record<string, Record<string, Record<string, PropertyValue>>> | undefined;
}

/** The name of the Python SDK. */
export type User = ExperimentUser;
