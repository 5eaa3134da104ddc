/** A user in the format of the vendor's SDK. Unknown members are passed through. */
export interface ExperimentUser {
  user_id?: string | undefined;
  device_id?: string | undefined;
  country?: string | undefined;
  region?: string | undefined;
  dma?: string | undefined;
  city?: string | undefined;
  language?: string | undefined;
  platform?: string | undefined;
  version?: string | undefined;
  os?: string | undefined;
  device_manufacturer?: string | undefined;
  device_brand?: string | undefined;
  device_model?: string | undefined;
  carrier?: string | undefined;
  library?: string | undefined;
  ip_address?: string | undefined;
  user_properties?: Record<string, unknown> | undefined;
  /** Names of groups by group type. Only the first name of each type is evaluated. */
  groups?: Record<string, string[]> | undefined;
  /** Properties by group type and name. */
  group_properties?: Record<string, Record<string, Record<string, unknown>>> | undefined;
  /** Ids of cohorts that contain the user. Written by evaluations of flags with cohorts. */
  cohort_ids?: string[] | undefined;
  /** Ids of cohorts by group type and name. Written by evaluations of flags with cohorts. */
  group_cohort_ids?: Record<string, Record<string, string[]>> | undefined;
}

/** Members that conditions cannot read as members of the user. */
export const GROUP_FIELDS: ReadonlySet<string> = new Set([
  "groups",
  "group_properties",
  "group_cohort_ids",
]);

/** Members of the user that an assignment event may contain. */
export const EVALUATED_FIELDS = [
  "country",
  "city",
  "region",
  "dma",
  "language",
  "platform",
  "version",
  "os",
  "device_manufacturer",
  "device_brand",
  "device_model",
  "carrier",
] as const;

/**
 * Attributes that become members of the user. The typed getters put all others into
 * `user_properties`. `user_id` is the subject key.
 */
export const USER_FIELDS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...EVALUATED_FIELDS,
  ...GROUP_FIELDS,
  "device_id",
  "library",
  "ip_address",
  "user_properties",
  "cohort_ids",
]);
