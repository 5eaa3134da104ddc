import type { Configuration } from "@sortition/core";
import type { Flag } from "../model/flag.js";

/** The part of the server's answer that the vendor's methods show. */
export interface FlagsWire {
  readonly format: string;
  readonly flags: Record<string, Flag>;
}

const EMPTY: FlagsWire = { format: "", flags: {} };
const known = new WeakMap<Configuration, FlagsWire>();

/** The flags of a configuration as the server sent them: parsed with the first call, then kept. */
export function wireOf(configuration: Configuration | null): FlagsWire {
  if (configuration === null) return EMPTY;
  const parsed = known.get(configuration);
  if (parsed !== undefined) return parsed;
  const payload = configuration.payloads.find(({ part }) => part === "flags");
  if (payload === undefined) return EMPTY;
  // The configuration was compiled from these bytes; members of the vendor's types are not checked.
  const body = JSON.parse(new TextDecoder().decode(payload.bytes)) as Partial<FlagsWire>;
  const wire = { format: body.format ?? "", flags: body.flags ?? {} };
  known.set(configuration, wire);
  return wire;
}
