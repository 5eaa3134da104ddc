import { describe, expect, it } from "vitest";
import { unresolvedError } from "../../src/flags/unresolved-errors.js";
import * as posthog from "../../src/index.js";

const FUNCTIONS = [
  ...["newContext", "scoped", "setContextSession", "setContextDeviceId", "identifyContext"],
  ...["tag", "getTags", "setCaptureExceptionCodeVariablesContext"],
  ...["setCodeVariablesMaskPatternsContext", "setCodeVariablesIgnorePatternsContext"],
  ...["capture", "set", "setOnce", "groupIdentify", "alias", "captureException"],
  ...["featureEnabled", "getFeatureFlag", "getFeatureFlagResult", "getFeatureFlagPayload"],
  ...["getAllFlags", "getAllFlagsAndPayloads", "evaluateFlags", "getRemoteConfigPayload"],
  ...["featureFlagDefinitions", "loadFeatureFlags", "flush", "join", "shutdown"],
  ...["disableConnectionReuse", "enableKeepAlive", "setSocketOptions"],
] as const;

const SETTINGS = {
  apiKey: null,
  projectApiKey: null,
  host: null,
  onError: null,
  debug: false,
  send: true,
  syncMode: false,
  disabled: false,
  personalApiKey: null,
  pollInterval: 30,
  disableGeoip: true,
  isServer: true,
  featureFlagsRequestTimeoutSeconds: 3,
  superProperties: null,
  enableExceptionAutocapture: false,
  logCapturedExceptions: false,
  projectRoot: null,
  inAppModules: null,
  privacyMode: false,
  beforeSend: null,
  enableLocalEvaluation: true,
  flagDefinitionCacheProvider: null,
  defaultClient: null,
  captureExceptionCodeVariables: false,
  codeVariablesMaskPatterns: posthog.DEFAULT_CODE_VARIABLES_MASK_PATTERNS,
  codeVariablesIgnorePatterns: posthog.DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS,
};

describe("the surface of the Python SDK", () => {
  it("has 32 functions", () => {
    expect(FUNCTIONS).toHaveLength(32);
    const exported: ReadonlyMap<string, unknown> = new Map(Object.entries(posthog));
    for (const name of FUNCTIONS) expect(exported.get(name)).toBeTypeOf("function");
  });

  it("has 26 settings, with their defaults", () => {
    expect(Object.keys(SETTINGS)).toHaveLength(26);
    expect(posthog.settings).toEqual(SETTINGS);
  });

  it("has the default patterns of local variables", () => {
    expect(posthog.DEFAULT_CODE_VARIABLES_MASK_PATTERNS).toHaveLength(20);
    expect(posthog.DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS).toEqual(["^__.*"]);
  });

  it("has a version", () => {
    expect(posthog.VERSION).toMatch(/^\d+\.\d+\.\d+/);
  });

  it("has error classes, which no call throws", () => {
    expect(unresolvedError("a", "missing_context")).toBeInstanceOf(posthog.InconclusiveMatchError);
    expect(unresolvedError("a", "experience_continuity")).toBeInstanceOf(
      posthog.RequiresServerEvaluation,
    );
  });

  it("makes no client, and asks for nothing, when it is imported", () => {
    expect(posthog.settings.defaultClient).toBeNull();
  });
});
