import type { ExperimentUser as EvaluatedUser } from "../dialect/user.js";

/** Value of a user or group property. */
export type PropertyValue = string | number | boolean | (string | number | boolean)[];

/**
 * A user, with the field names of the vendor's servers. `device_id` and `user_id` identify the
 * user, and every other field can be targeted. Unlisted fields are sent to the server, and ignored
 * by local evaluation. The remote client sets `library` unless it is given.
 */
export interface ExperimentUser extends EvaluatedUser {
  user_properties?: Record<string, PropertyValue> | undefined;
  /** Properties of groups, by group type and group name. */
  group_properties?: Record<string, Record<string, Record<string, PropertyValue>>> | undefined;
}

/** Name of this type in the Python SDK. */
export type User = ExperimentUser;
