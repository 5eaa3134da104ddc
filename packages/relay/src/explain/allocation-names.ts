import type { DialectName } from "../config/config.js";

/** Each vendor's term for an allocation. */
export const ALLOCATION_NOUNS: Readonly<Record<DialectName, string>> = {
  amplitude: "segment",
  datadog: "allocation",
  eppo: "allocation",
  growthbook: "rule",
  posthog: "condition set",
};

/** Returns an allocation's key, or its number if the vendor has no keys: `condition set 1`. */
export function allocationName(key: string, index: number, dialect: DialectName): string {
  const noun = ALLOCATION_NOUNS[dialect];
  if (dialect === "posthog") {
    const [, position] = /^condition-(\d+)$/.exec(key) ?? [];
    return position === undefined ? key : `${noun} ${Number(position) + 1}`;
  }
  const isNamed = dialect === "eppo" || dialect === "datadog" || key !== `${index}`;
  return isNamed ? key : `${noun} ${index + 1}`;
}

/** Returns an allocation's name with the vendor's term: `segment Early access`. */
export function allocationTitle(key: string, index: number, dialect: DialectName): string {
  const name = allocationName(key, index, dialect);
  return name === key ? `${ALLOCATION_NOUNS[dialect]} ${name}` : name;
}
