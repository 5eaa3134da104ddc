import type { PostHog } from "../client/posthog.js";
import type { BeforeSendCallback, Properties } from "../events/messages.js";
import type { NamePattern } from "../exceptions/variables/patterns.js";
import type {
  FlagDefinitionCacheInput,
  FlagDefinitionCacheProvider,
} from "../source/flag-definition-cache.js";

/**
 * Settings of the client that the module functions share. They are read when it is made, with the first call;
 * afterwards only `disabled`, `debug` and `defaultClient` have an effect.
 */
export interface Settings {
  /** The project's token. */
  apiKey: string | null;
  /** The same; it wins. */
  projectApiKey: string | null;
  /** Origin of the server; `null`: the one in the US. */
  host: string | null;
  /** Called with each failed delivery and its events. */
  onError: ((error: unknown, batch: readonly unknown[]) => void) | null;
  /** Writes everything that happens to stderr, and lets errors of the functions out. */
  debug: boolean;
  /** `false`: events are accepted, but never sent. */
  send: boolean;
  /** Sends each event at once, in a request of its own. */
  syncMode: boolean;
  /** Captures and requests nothing. */
  disabled: boolean;
  /** Key for local evaluation and remote configuration. */
  personalApiKey: string | null;
  /** Seconds between two polls for new definitions of flags. */
  pollInterval: number;
  /** The server does not look up where events come from. */
  disableGeoip: boolean;
  /** Whether events have `$is_server`. */
  isServer: boolean;
  /** Deadline of a request for flags, in seconds. */
  featureFlagsRequestTimeoutSeconds: number;
  /** Properties of every event. A property of the call takes precedence. */
  superProperties: Properties | null;
  /** Captures uncaught exceptions and unhandled rejections. */
  enableExceptionAutocapture: boolean;
  /** Whether captured exceptions are logged, too. */
  logCapturedExceptions: boolean;
  /** Only files in this folder are part of the application. */
  projectRoot: string | null;
  /** Hides inputs and outputs of language models. */
  privacyMode: boolean;
  /** Looks at each event before it is sent. */
  beforeSend: BeforeSendCallback | null;
  /** `false`: definitions of flags are not loaded, whatever keys there are. */
  enableLocalEvaluation: boolean;
  /** Shares definitions of flags between processes. */
  flagDefinitionCacheProvider: FlagDefinitionCacheProvider<FlagDefinitionCacheInput> | null;
  /** The client of the module functions; a client that is assigned takes its place. */
  defaultClient: PostHog | null;
  /** Whether exceptions carry the local variables of their frames. */
  captureExceptionCodeVariables: boolean;
  /** Names of variables whose values are not read. */
  codeVariablesMaskPatterns: readonly NamePattern[];
  /** Names of variables that are left out. */
  codeVariablesIgnorePatterns: readonly NamePattern[];
  /** Names of packages, or prefixes of paths, that are part of the application as well. */
  inAppModules: readonly string[] | null;
}
