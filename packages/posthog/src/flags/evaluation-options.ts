import type { Properties } from "../events/messages.js";

/** Options of an evaluation. */
export interface BaseFlagEvaluationOptions {
  groups?: Record<string, string> | undefined;
  personProperties?: Properties | undefined;
  groupProperties?: Record<string, Properties> | undefined;
  /** If `true`, no request is sent to the server. A flag that only the server can decide then has no value. */
  onlyEvaluateLocally?: boolean | undefined;
  disableGeoip?: boolean | undefined;
}

/** Options of an evaluation of one flag. */
export interface FlagEvaluationOptions extends BaseFlagEvaluationOptions {
  /** If `true`, `$feature_flag_called` is sent. */
  sendFeatureFlagEvents?: boolean | undefined;
}

/** Options of an evaluation of several flags. */
export interface AllFlagsOptions extends BaseFlagEvaluationOptions {
  /** Default: all flags. */
  flagKeys?: string[] | undefined;
}
