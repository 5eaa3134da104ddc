import type { ListenAddress } from "./listen.js";

/** Vendors whose SDKs fetch flags from a relay. */
export const SERVED_NAMES = ["eppo", "growthbook", "amplitude", "posthog"] as const;

/** A vendor of {@link SERVED_NAMES}. */
export type ServedName = (typeof SERVED_NAMES)[number];

/** Vendors whose flags a relay can evaluate. It serves only {@link SERVED_NAMES} to SDKs. */
export const DIALECT_NAMES = ["eppo", "growthbook", "amplitude", "posthog", "datadog"] as const;

/** A vendor of {@link DIALECT_NAMES}. */
export type DialectName = (typeof DIALECT_NAMES)[number];

/**
 * What the bearer of a token may do. `secrets`: read PostHog's remote configurations, decrypted. `evaluate`: ask what a
 * subject gets, without seeing the rules. `manifest`: read the types of flags, for code generators.
 */
export const TOKEN_SCOPES = ["configuration", "secrets", "evaluate", "manifest"] as const;

export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A token of the relay's own, which SDKs send in place of the vendor's key. */
export interface TokenConfig {
  /** For logs and metrics. */
  readonly name: string;
  /** SHA-256 of the token, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  readonly scopes: readonly TokenScope[];
  /** Flags that the scopes `evaluate` and `manifest` include. */
  readonly flags: FlagPatterns;
  /** Whether it is for GrowthBook's SDKs with `remoteEval: true`, and for nothing else. */
  readonly remoteEval: boolean;
}

/** Keys of flags; `*` stands for any characters. */
export interface FlagPatterns {
  /** `null`: all. */
  readonly include: readonly string[] | null;
  /** These are left out in any case. */
  readonly exclude: readonly string[];
}

/** Paths of the files of a configuration, as `fileSource` takes them. */
export type ConfigurationFiles =
  | string
  | { readonly flags: string; readonly bandits?: string | undefined };

export const LOGGER_TYPES = ["ndjson", "segment", "rudderstack", "snowplow"] as const;

/** Where exposures go. */
export type LoggerType = (typeof LOGGER_TYPES)[number];

/** A logger of exposures. The package that makes it checks its options. */
export interface LoggerConfig {
  readonly type: LoggerType;
  /** Path in the file, for messages: `environments[0].loggers[0]`. */
  readonly path: string;
  /** Its options, with their secrets. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where an environment's payloads come from. */
export type EnvironmentInput =
  | { readonly kind: "source"; readonly source: Readonly<Record<string, unknown>> }
  | { readonly kind: "file"; readonly files: ConfigurationFiles };

/** One environment of one vendor, checked, with its secrets. */
export interface EnvironmentConfig {
  readonly name: string;
  readonly dialect: DialectName;
  /** Path of the environment in its file, for messages: `environments[0]`. */
  readonly path: string;
  /** Options of the vendor's dialect, which checks them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly input: EnvironmentInput;
  /** Empty: SDKs send the vendor's own key. */
  readonly tokens: readonly TokenConfig[];
  /** Origins of web pages that may read the answers. */
  readonly origins: readonly string[];
  /** Signs GrowthBook's webhook; `null`: there is none. */
  readonly webhookSecret: string | null;
  readonly redis: { readonly url: string; readonly namespace?: string | undefined } | null;
  readonly diskCache: {
    readonly directory: string;
    readonly maxAgeMs?: number | undefined;
  } | null;
  /** Whether to proxy PostHog's events and remote flags. */
  readonly passThrough: boolean;
  /** Whether flags are evaluated here, for the tokens with that scope. */
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

/** `any`: one environment serves, and the others have been tried or had 30 s. `all`: each environment serves. */
export type Readiness = (typeof READINESS)[number];

/** The whole configuration of a relay, checked. */
export interface RelayConfig {
  readonly listen: ListenAddress;
  readonly admin: AdminConfig;
  /** Maximum number of open streams of all environments. */
  readonly maxStreams: number;
  /** How long a shutdown goes on serving requests. */
  readonly drainMs: number;
  /** Which environments must serve before the relay is ready. */
  readonly readiness: Readiness;
  /** How long a stream lives, ± 20%. */
  readonly streamLifeMs: number;
  /** Time over which the readers of evaluated flags are told of a change. */
  readonly spreadMs: number;
  /** Where web pages reach the relay, without a slash at the end; `null`: at the address that they use. */
  readonly publicUrl: string | null;
  /** Signs tickets; `null`: a random one. */
  readonly ticketKey: string | null;
  readonly environments: readonly EnvironmentConfig[];
}
