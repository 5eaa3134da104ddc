import type { PostHog } from "../client/posthog.js";
import type { BeforeSendCallback, Properties } from "../events/messages.js";
import type { NamePattern } from "../exceptions/variables/patterns.js";
import type {
  FlagDefinitionCacheInput,
  FlagDefinitionCacheProvider,
} from "../source/flag-definition-cache.js";

/**
 * Settings of the client that the module functions share. They are read when the first call creates it. After that,
 * only changes to `disabled`, `debug` and `defaultClient` have an effect.
 */
export interface Settings {
  /** The project token. */
  apiKey: string | null;
  /** Alias of `apiKey` that takes precedence. */
  projectApiKey: string | null;
  /** Origin of the server. Default: the one in the US. */
  host: string | null;
  /** Called with the error and the events of each failed delivery. */
  onError: ((error: unknown, batch: readonly unknown[]) => void) | null;
  /** If `true`, everything is logged to stderr, and functions throw their errors. */
  debug: boolean;
  /** If `false`, events are accepted, but never sent. */
  send: boolean;
  /** If `true`, each event is sent immediately in a separate request. */
  syncMode: boolean;
  /** If `true`, nothing is captured or requested. */
  disabled: boolean;
  /** Secret key for local evaluation and remote config. */
  personalApiKey: string | null;
  /** Poll interval for flag definitions, in seconds. */
  pollInterval: number;
  /** If `true`, the server does not look up the location of events. */
  disableGeoip: boolean;
  /** Whether events have the property `$is_server`. */
  isServer: boolean;
  /** Deadline of a flag request, in seconds. */
  featureFlagsRequestTimeoutSeconds: number;
  /** Properties of every event. Properties of the call take precedence. */
  superProperties: Properties | null;
  /** If `true`, uncaught exceptions and unhandled rejections are captured. */
  enableExceptionAutocapture: boolean;
  /** If `true`, captured exceptions are also logged. */
  logCapturedExceptions: boolean;
  /** If set, only files in this folder are treated as part of the application. */
  projectRoot: string | null;
  /** If `true`, inputs and outputs of language models are hidden. */
  privacyMode: boolean;
  /** Called with each event before it is sent. */
  beforeSend: BeforeSendCallback | null;
  /** If `false`, flag definitions are never loaded. */
  enableLocalEvaluation: boolean;
  /** Shares flag definitions between processes. */
  flagDefinitionCacheProvider: FlagDefinitionCacheProvider<FlagDefinitionCacheInput> | null;
  /** The client of the module functions. Assign a client to replace it. */
  defaultClient: PostHog | null;
  /** If `true`, exceptions include the local variables of their frames. */
  captureExceptionCodeVariables: boolean;
  /** Names of variables whose values are masked. */
  codeVariablesMaskPatterns: readonly NamePattern[];
  /** Names of variables that are omitted. */
  codeVariablesIgnorePatterns: readonly NamePattern[];
  /** Names of packages, or prefixes of paths, that are also treated as part of the application. */
  inAppModules: readonly string[] | null;
}
