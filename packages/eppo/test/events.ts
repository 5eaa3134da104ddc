const OURS_ALONE: ReadonlySet<string> = new Set(["messageId"]);

/** Removes from an event or result what names the library, and the times of this run. */
export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value)
    .filter(([name]) => !OURS_ALONE.has(name))
    .map(([name, it]) => [name, memberOf(name, it)]);
  return Object.fromEntries(members) as unknown;
}

function memberOf(name: string, value: unknown): unknown {
  if (name === "timestamp" || name === "configFetchedAt") return "…";
  if (name !== "metaData") return comparable(value);
  const { sdkLibVersion, sdkName: _, ...others } = value as Record<string, unknown>; // the metadata of an event
  return { ...others, sdkLibVersion: typeof sdkLibVersion };
}
