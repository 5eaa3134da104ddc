/** The part of a snapshot of flags that capturing needs. */
export interface FeatureFlagSnapshot {
  /** Values of its flags, by key. */
  readonly values: Readonly<Record<string, boolean | string>>;
}

/** Properties that an event gets from flags: one for each, and the keys of those that are on, in order. */
export function flagProperties(
  values: Readonly<Record<string, boolean | string>>,
): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) properties[`$feature/${key}`] = value;
  const active = Object.keys(values).filter((key) => values[key] !== false);
  if (active.length > 0) properties["$active_feature_flags"] = active.sort();
  return properties;
}
