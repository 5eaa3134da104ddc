/** A user of the vendor's SDK. Unknown members pass through. */
export interface ExperimentUser {
  user_id?: string;
  device_id?: string;
  country?: string;
  region?: string;
  dma?: string;
  city?: string;
  language?: string;
  platform?: string;
  version?: string;
  os?: string;
  device_manufacturer?: string;
  device_brand?: string;
  device_model?: string;
  carrier?: string;
  library?: string;
  ip_address?: string;
  user_properties?: Record<string, unknown>;
  /** Names of groups by group type. Only the first name of each type is evaluated. */
  groups?: Record<string, string[]>;
  /** Properties by group type and name. */
  group_properties?: Record<string, Record<string, Record<string, unknown>>>;
  /** Ids of cohorts that contain the user. Written by evaluations of flags with cohorts. */
  cohort_ids?: string[];
  /** Ids of cohorts by group type and name. Written by evaluations of flags with cohorts. */
  group_cohort_ids?: Record<string, Record<string, string[]>>;
}

/** Members that are not part of the user that conditions see. */
export const GROUP_FIELDS: ReadonlySet<string> = new Set([
  "groups",
  "group_properties",
  "group_cohort_ids",
]);

/**
 * Attributes that are members of the user; the typed getters put all others into `user_properties`.
 * `user_id` is the subject key.
 */
export const USER_FIELDS: ReadonlySet<string> = new Set([
  "device_id",
  "country",
  "region",
  "dma",
  "city",
  "language",
  "platform",
  "version",
  "os",
  "device_manufacturer",
  "device_brand",
  "device_model",
  "carrier",
  "library",
  "ip_address",
  "user_properties",
  "cohort_ids",
  ...GROUP_FIELDS,
]);
