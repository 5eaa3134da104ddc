import { keyName } from "../../errors/guard.js";
import { nearestName } from "../../errors/nearest-name.js";
import { unknownFlagText } from "./mistake-texts.js";
import type { MistakeReport } from "./mistakes.js";

/**
 * Describes a flag that does not exist, for clients and drop-ins.
 *
 * @param flagKeys - the keys of the configuration.
 * @param environment - name of its environment; `null`: not known.
 */
export function unknownFlagReport(
  flagKey: unknown,
  flagKeys: ReadonlySet<string>,
  environment: string | null = null,
): MistakeReport {
  const name = keyName(flagKey);
  const nearest = nearestName(name, flagKeys, Math.floor(name.length / 3));
  const message = unknownFlagText(name, nearest, flagKeys.size, environment);
  return nearest === null ? { message } : { message, facts: { nearest } };
}
