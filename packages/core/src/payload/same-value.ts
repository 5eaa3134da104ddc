import { areEqualJson } from "./equal-json.js";
import type { RawFlags } from "./raw-flags.js";

/** Whether a flag has the same content in two payloads of any form. A flag that is not JSON equals no other. */
export function hasSameValue(key: string, a: RawFlags, b: RawFlags): boolean {
  if (!a.keys.has(key) || !b.keys.has(key)) return false;
  try {
    return areEqualJson(a.read(key, "$"), b.read(key, "$"));
  } catch {
    return false; // one of them is not JSON
  }
}
