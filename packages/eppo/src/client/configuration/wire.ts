import type { Configuration } from "@sortition/core";
import { textOf } from "@sortition/core/internal";
import type { Flag } from "../model/flag.js";
import type { BanditParameters } from "./stored-configuration.js";

/** The part of the server's response that the vendor's methods expose. */
export interface FlagsWire {
  readonly format: string;
  readonly flags: Record<string, Flag>;
  readonly banditReferences: Record<string, unknown>;
}

const EMPTY: FlagsWire = { format: "", flags: {}, banditReferences: {} };
const known = new WeakMap<Configuration, FlagsWire>();

/**
 * Returns the flags of a configuration as the server sent them. They are parsed on the first call
 * and cached.
 */
export function wireOf(configuration: Configuration | null): FlagsWire {
  if (configuration === null) return EMPTY;
  const parsed = known.get(configuration);
  if (parsed !== undefined) return parsed;
  const { banditReferences = {}, flags = {}, format = "" } = bodyOf(configuration, "flags");
  const wire = { format, flags, banditReferences };
  known.set(configuration, wire);
  return wire;
}

/** Returns the bandit models as the server sent them. */
export function modelsOf(configuration: Configuration | null): Record<string, BanditParameters> {
  return configuration === null ? {} : (bodyOf(configuration, "bandits").bandits ?? {});
}

/**
 * Parses a payload. The configuration was compiled from these bytes, so the members of the vendor's
 * types are not checked.
 */
function bodyOf(
  { payloads }: Configuration,
  part: string,
): Partial<FlagsWire & { readonly bandits: Record<string, BanditParameters> }> {
  const payload = payloads.find((it) => it.part === part);
  return payload === undefined ? {} : JSON.parse(textOf(payload.bytes));
}
