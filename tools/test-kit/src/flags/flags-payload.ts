import type { FlagDefinition } from "./definition.js";
import type { PayloadParts } from "./writer.js";
import { WRITERS, type WrittenVendor } from "./writers.js";

/** Returns a vendor's payload with these flags. */
export function flagsPayload(vendor: WrittenVendor, flags: readonly FlagDefinition[]): object {
  const writer = WRITERS[vendor];
  const parts = flags.reduce<PayloadParts>((it, flag) => writer.withFlag(it, flag), writer.empty);
  return parts["flags"] as object; // an object, or Amplitude's list
}
