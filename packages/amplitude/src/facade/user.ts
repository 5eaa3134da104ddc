/** Value of a user or group property. */
export type PropertyValue = string | number | boolean | readonly (string | number | boolean)[];

/**
 * A user, with the names that the vendor's servers use. `device_id` and `user_id` identify; every other
 * member can be targeted. Members that are not listed are sent, and ignored by local evaluation.
 *
 * @see docs/spec/amplitude.md
 */
export interface ExperimentUser {
  device_id?: string | undefined;
  user_id?: string | undefined;
  country?: string | undefined;
  city?: string | undefined;
  region?: string | undefined;
  dma?: string | undefined;
  language?: string | undefined;
  platform?: string | undefined;
  version?: string | undefined;
  os?: string | undefined;
  device_manufacturer?: string | undefined;
  device_brand?: string | undefined;
  device_model?: string | undefined;
  carrier?: string | undefined;
  /** Set by the client unless given. */
  library?: string | undefined;
  ip_address?: string | undefined;
  user_properties?: Record<string, PropertyValue> | undefined;
  /** Group types with the names of the groups; the first name of a type counts. */
  groups?: Record<string, string[]> | undefined;
  /** By group type and group name. */
  group_properties?: Record<string, Record<string, Record<string, PropertyValue>>> | undefined;
  /** Written by local evaluation for users with a `user_id`. */
  cohort_ids?: string[] | undefined;
  /** By group type and group name. Written by local evaluation for groups with cohorts. */
  group_cohort_ids?: Record<string, Record<string, string[]>> | undefined;
}

/** The name of the Python SDK. */
export type User = ExperimentUser;
