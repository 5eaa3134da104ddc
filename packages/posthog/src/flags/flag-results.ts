import type { ServedFlag } from "../dialect/served-flag.js";
import type { FeatureFlagValue, JsonType } from "../source/json.js";
import type { EvaluatedFlag } from "./feature-flag-evaluations.js";
import type { LocalOutcome } from "./local-flags.js";
import type { RemoteFlag } from "./remote-flags.js";

/** Result of a flag. */
export interface FeatureFlagResult {
  key: string;
  enabled: boolean;
  variant: string | undefined;
  payload: JsonType | undefined;
  reason?: string | undefined;
  reasonCode?: string | undefined;
}

const REASON = "Evaluated locally";

/** Returns a value as the members of results and snapshots. */
export function partsOf(value: FeatureFlagValue): Pick<EvaluatedFlag, "enabled" | "variant"> {
  return { enabled: value !== false, variant: typeof value === "string" ? value : undefined };
}

/** Returns the result of a locally defined flag for a value. */
export function localResult(
  key: string,
  flag: ServedFlag,
  value: FeatureFlagValue,
  payload: unknown = flag.payloadOf(value),
): FeatureFlagResult {
  return {
    key,
    ...partsOf(value),
    payload: payload as JsonType | undefined, // parsed from JSON
    reason: REASON,
    reasonCode: flag.definition?.isDisabled === true ? "flag_disabled" : undefined,
  };
}

/** Returns a locally decided flag for a snapshot. */
export function localFlag({
  flag,
  result,
}: Extract<LocalOutcome, { kind: "value" }>): EvaluatedFlag {
  const { definition } = flag;
  return {
    ...partsOf(result.value),
    payload: result.payload as JsonType | undefined, // parsed from JSON
    id: definition?.id,
    version: undefined,
    reason: REASON,
    isLocal: true,
    hasExperiment: definition?.hasExperiment,
  };
}

export function remoteResult(key: string, flag: RemoteFlag): FeatureFlagResult {
  const { enabled, payload, reason, reasonCode, variant } = flag;
  return { key, enabled, variant, payload: payload as JsonType | undefined, reason, reasonCode }; // parsed from JSON
}

/** Returns a flag for a snapshot that the server decided. */
export function remoteFlag({ reasonCode: _, payload, ...flag }: RemoteFlag): EvaluatedFlag {
  return { ...flag, payload: payload as JsonType | undefined, isLocal: false }; // parsed from JSON
}
