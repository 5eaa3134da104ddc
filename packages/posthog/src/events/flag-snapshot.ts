/** The part of a snapshot of flags that capturing needs. */
export interface FeatureFlagSnapshot {
  /** Values of its flags, by key. */
  readonly values: Readonly<Record<string, boolean | string>>;
  /** Keys of those that are on; default: of those whose value is not `false`. The vendor's snapshots have none. */
  readonly active?: readonly string[];
}

/**
 * Properties that an event gets from flags: one for each, and the keys of those that are on, in order.
 *
 * @param active - keys of those that are on; default: all that are not `false`.
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
