import {
  DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS,
  DEFAULT_CODE_VARIABLES_MASK_PATTERNS,
} from "../exceptions/variables/patterns.js";
import type { Settings } from "./settings-interface.js";

/** The settings, with their defaults. Sealed: an unknown name is a `TypeError`. */
export const settings: Settings = /* @__PURE__ */ Object.seal<Settings>({
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
