import type * as posthog from "../../src/index.js";

/** Names of the module's functions. */
export type FunctionName = {
  [Name in keyof typeof posthog]: (typeof posthog)[Name] extends (...parts: never[]) => unknown
    ? Name
    : never;
}[keyof typeof posthog];

const EVALUATION = [
  ...["groups", "personProperties", "groupProperties", "onlyEvaluateLocally"],
  ...["disableGeoip", "deviceId"],
];
const ONE_FLAG = ["key", "distinctId", ...EVALUATION, "sendFeatureFlagEvents"];
const ALL_FLAGS = ["distinctId", ...EVALUATION, "flagKeysToEvaluate"];
const EVENT = ["timestamp", "uuid", "disableGeoip"];

/** The 32 functions of the Python SDK that we provide, with all their parameters. */
export const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  newContext: ["fresh", "captureExceptions", "client"],
  scoped: ["fresh", "captureExceptions"],
  setContextSession: ["sessionId"],
  setContextDeviceId: ["deviceId"],
  identifyContext: ["distinctId"],
  tag: ["name", "value"],
  getTags: [],
  setCaptureExceptionCodeVariablesContext: ["isEnabled"],
  setCodeVariablesMaskPatternsContext: ["patterns"],
  setCodeVariablesIgnorePatternsContext: ["patterns"],
  capture: [
    ...["event", "distinctId", "properties", "groups", "flags", "sendFeatureFlags"],
    ...EVENT,
  ],
  set: ["distinctId", "properties", ...EVENT],
  setOnce: ["distinctId", "properties", ...EVENT],
  groupIdentify: ["groupType", "groupKey", "properties", "distinctId", ...EVENT],
  alias: ["previousId", "distinctId", ...EVENT],
  captureException: [
    ...["error", "distinctId", "properties", "groups", "flags", "sendFeatureFlags"],
    ...EVENT,
  ],
  featureEnabled: ONE_FLAG,
  getFeatureFlag: ONE_FLAG,
  getFeatureFlagResult: ONE_FLAG,
  getFeatureFlagPayload: [...ONE_FLAG, "matchValue"],
  getAllFlags: ALL_FLAGS,
  getAllFlagsAndPayloads: ALL_FLAGS,
  evaluateFlags: ["distinctId", ...EVALUATION, "flagKeys"],
  getRemoteConfigPayload: ["key"],
  featureFlagDefinitions: [],
  loadFeatureFlags: [],
  flush: ["timeoutSeconds"],
  join: [],
  shutdown: [],
  disableConnectionReuse: [],
  enableKeepAlive: [],
  setSocketOptions: ["options"],
} satisfies Partial<Record<FunctionName, readonly string[]>>;
