import { inspectAs } from "@sortition/core/internal";
import { endEarly, readEarly } from "../exceptions/variables/early-variables.js";
import type { MaskingRules } from "../exceptions/variables/frame-variables.js";
import {
  DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS,
  DEFAULT_CODE_VARIABLES_MASK_PATTERNS,
} from "../exceptions/variables/patterns.js";
import type { Settings } from "./settings-interface.js";

/**
 * The settings with their defaults. The object is sealed, so an unknown name causes a `TypeError`. Keys are hidden when
 * it is printed.
 */
export const settings: Settings = /* @__PURE__ */ sealed({
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
  privacyMode: false,
  beforeSend: null,
  enableLocalEvaluation: true,
  flagDefinitionCacheProvider: null,
  defaultClient: null,
  captureExceptionCodeVariables: false,
  codeVariablesMaskPatterns: DEFAULT_CODE_VARIABLES_MASK_PATTERNS,
  codeVariablesIgnorePatterns: DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS,
  inAppModules: null,
});

function maskingRulesOf(target: Settings): MaskingRules {
  return {
    maskPatterns: target.codeVariablesMaskPatterns,
    ignorePatterns: target.codeVariablesIgnorePatterns,
  };
}

function sealed(target: Settings): Settings {
  const hidden = (key: string | null): string | null => (key === null ? null : "…");
  const view = (): Settings => ({
    ...target,
    apiKey: hidden(target.apiKey),
    projectApiKey: hidden(target.projectApiKey),
    personalApiKey: hidden(target.personalApiKey),
  });
  inspectAs(target, "", view);
  Object.defineProperty(target, "toJSON", { value: view });
  let reads: unknown = target.captureExceptionCodeVariables;
  Object.defineProperty(target, "captureExceptionCodeVariables", {
    get: () => reads,
    set(value: unknown) {
      reads = value;
      if (value !== true) endEarly();
      else if (target.defaultClient === null && !target.disabled)
        readEarly(() => maskingRulesOf(target));
    },
    enumerable: true,
  });
  return Object.seal(target);
}
