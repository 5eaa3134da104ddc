/** A flag with one variant for all users. */
export function flagOf(
  key: string,
  variant = "on",
  metadata: object = {},
): Record<string, unknown> {
  return {
    key,
    metadata: { flagType: "experiment", flagVersion: 1, ...metadata },
    variants: { [variant]: { key: variant, value: variant, payload: { n: 1 } } },
    segments: [{ variant, metadata: { segmentName: "All Users" } }],
  };
}
