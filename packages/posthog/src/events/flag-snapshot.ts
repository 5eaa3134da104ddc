/** The part of a flag snapshot that capturing needs. */
export interface FeatureFlagSnapshot {
  /** Flag values by key. */
  readonly values: Readonly<Record<string, boolean | string>>;
  /**
   * Keys of the flags that are on. Default: flags whose value is not `false`. The vendor's snapshots lack this member.
   */
  readonly active?: readonly string[];
}

/**
 * Returns the event properties for flags: one per flag, and the sorted keys of the flags that are on.
 *
 * @param active - keys of the flags that are on. Default: flags whose value is not `false`.
 */
export function flagProperties(
  values: Readonly<Record<string, boolean | string>>,
  active: readonly string[] = Object.keys(values).filter((key) => values[key] !== false),
): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) properties[`$feature/${key}`] = value;
  if (active.length > 0) properties["$active_feature_flags"] = [...active].sort();
  return properties;
}
