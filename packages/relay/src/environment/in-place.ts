import type { EnvironmentConfig } from "../config/config.js";

/** Members of the configuration that change without a new environment. */
type InPlace =
  | ("isDefault" | "maxStreams" | "origins" | "passThrough" | "path" | "webhookSecret")
  | ("loggers" | "tokens");

const IN_PLACE: readonly InPlace[] = [
  ...(["isDefault", "maxStreams", "origins", "passThrough", "path", "webhookSecret"] as const),
  ...(["loggers", "tokens"] as const),
];

/** Returns the members of a configuration that only a new environment can change. */
export function fixedMembers(config: EnvironmentConfig): Omit<EnvironmentConfig, InPlace> {
  const others = Object.entries(config).filter(([name]) => !IN_PLACE.some((it) => it === name));
  return Object.fromEntries(others) as unknown as Omit<EnvironmentConfig, InPlace>; // the others are left
}
