import type { ListenAddress } from "./listen.js";

/** Vendors whose SDKs fetch flags from a relay. */
export const SERVED_NAMES = ["eppo", "growthbook", "amplitude", "posthog"] as const;

/** A vendor of {@link SERVED_NAMES}. */
export type ServedName = (typeof SERVED_NAMES)[number];

/** A vendor of {@link DIALECT_NAMES}. */
export type DialectName = ServedName | "datadog" | "launchdarkly";

/** What the relay knows of a vendor before it loads the vendor's package. */
export interface VendorFacts {
  /** The name in the vendor's own spelling. */
  readonly title: string;
  /** Members of its source or its dialect's options that are secrets, at any depth. PostHog's project key is public. */
  readonly secrets: readonly string[];
  /** Whether its SDKs use remote evaluation, with a webhook for changes. */
  readonly hasRemoteEvaluation: boolean;
  /** Whether the events and remote flags of its SDKs can be proxied. */
  readonly passesThrough: boolean;
}

const PLAIN = { hasRemoteEvaluation: false, passesThrough: false } as const;

export const VENDOR_FACTS: Readonly<Record<DialectName, VendorFacts>> = {
  eppo: { ...PLAIN, title: "Eppo", secrets: ["apiKey"] },
  growthbook: {
    ...PLAIN,
    title: "GrowthBook",
    secrets: ["clientKey", "decryptionKey"],
    hasRemoteEvaluation: true,
  },
  amplitude: {
    ...PLAIN,
    title: "Amplitude",
    secrets: ["deploymentKey", "apiKey", "secretKey"],
  },
  posthog: { ...PLAIN, title: "PostHog", secrets: ["secretKey"], passesThrough: true },
  datadog: { ...PLAIN, title: "Datadog", secrets: ["apiKey"] },
  launchdarkly: { ...PLAIN, title: "LaunchDarkly", secrets: ["sdkKey"] },
};

/** Vendors whose flags a relay can evaluate. It serves only {@link SERVED_NAMES} to SDKs. */
export const DIALECT_NAMES: readonly DialectName[] = Object.keys(VENDOR_FACTS) as DialectName[];

/**
 * What a token allows. `secrets`: read PostHog's decrypted remote configurations. `evaluate`: evaluate flags without seeing
 * their rules. `manifest`: read the types of flags, for code generators.
 */
export const TOKEN_SCOPES = ["configuration", "secrets", "evaluate", "manifest"] as const;

export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A token that the relay issued, which SDKs send instead of the vendor's key. */
export interface TokenConfig {
  /** Name in logs and metrics. */
  readonly name: string;
  /** SHA-256 of the token, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  readonly scopes: readonly TokenScope[];
  /** Flags that the scopes `evaluate` and `manifest` apply to. */
  readonly flags: FlagPatterns;
  /** Whether the token is only for GrowthBook's SDKs with `remoteEval: true`. */
  readonly remoteEval: boolean;
}

/** Patterns of flag keys; `*` matches any characters. */
export interface FlagPatterns {
  /** `null`: all flags. */
  readonly include: readonly string[] | null;
  /** Excluded even if `include` matches. */
  readonly exclude: readonly string[];
}

/** Paths of configuration files, for `fileSource`. */
export type ConfigurationFiles =
  | string
  | { readonly flags: string; readonly bandits?: string | undefined };

export const LOGGER_TYPES = ["ndjson", "segment", "rudderstack", "snowplow"] as const;

/** Destination of exposures. */
export type LoggerType = (typeof LOGGER_TYPES)[number];

/** A logger of exposures. Its package checks the options. */
export interface LoggerConfig {
  readonly type: LoggerType;
  /** Path in the configuration, for messages: `environments[0].loggers[0]`. */
  readonly path: string;
  /** Options, with their secrets. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where an environment's payloads come from. */
export type EnvironmentInput =
  | { readonly kind: "source"; readonly source: Readonly<Record<string, unknown>> }
  | { readonly kind: "file"; readonly files: ConfigurationFiles };

/** One environment of one vendor, validated, with its secrets. */
export interface EnvironmentConfig {
  readonly name: string;
  readonly dialect: DialectName;
  /** Path in the configuration, for messages: `environments[0]`. */
  readonly path: string;
  /** Options of the dialect. The vendor's package checks them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly input: EnvironmentInput;
  /** If there are none, SDKs send the vendor's own key. */
  readonly tokens: readonly TokenConfig[];
  /** Origins of web pages that may read responses. */
  readonly origins: readonly string[];
  /** Signing secret of GrowthBook's webhook; `null`: webhooks are rejected. */
  readonly webhookSecret: string | null;
  readonly redis: { readonly url: string; readonly namespace?: string | undefined } | null;
  readonly diskCache: {
    readonly directory: string;
    readonly maxAgeMs?: number | undefined;
  } | null;
  /** Whether to proxy PostHog's events and remote flags. */
  readonly passThrough: boolean;
  /** Whether the relay evaluates flags, for tokens with the scope `evaluate`. */
  readonly evaluate: boolean;
  /** Receive the exposures of evaluations. */
  readonly loggers: readonly LoggerConfig[];
  /** Whether this environment serves requests that name no environment. */
  readonly isDefault: boolean;
  /** Maximum number of open streams of this environment. */
  readonly maxStreams: number;
}

export interface AdminConfig {
  readonly listen: ListenAddress;
  /** `null`: no password is required, which is allowed only on loopback. */
  readonly password: string | null;
  /** Accepted `Host` names in addition to loopback, for requests without a password. */
  readonly hosts: readonly string[];
}

export const READINESS = ["any", "all"] as const;

/**
 * When the relay is ready. `any`: one environment serves, and each of the others has failed once or had 30 s. `all`: all
 * environments serve.
 */
export type Readiness = (typeof READINESS)[number];

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** The validated configuration of a relay. */
export interface RelayConfig {
  readonly listen: ListenAddress;
  readonly admin: AdminConfig;
  /** Maximum number of open streams of all environments. */
  readonly maxStreams: number;
  /** How long requests are still served during a shutdown. */
  readonly drainMs: number;
  /** Which environments must serve before the relay is ready. */
  readonly readiness: Readiness;
  /** Lifetime of a stream, ± 20%. */
  readonly streamLifeMs: number;
  /** Time over which change notifications are spread for readers of evaluated flags. */
  readonly spreadMs: number;
  /** URL of the relay for web pages, without a trailing slash; `null`: the address that they used. */
  readonly publicUrl: string | null;
  /** Key that signs tickets; `null`: a random key. */
  readonly ticketKey: string | null;
  /** Lowest level of messages in the log. */
  readonly logLevel: LogLevel;
  /** Whether to log each request. */
  readonly accessLog: boolean;
  /** Maximum number of requests per second with one token, in each replica; `null`: no limit. */
  readonly requestsPerSecond: number | null;
  readonly environments: readonly EnvironmentConfig[];
}
