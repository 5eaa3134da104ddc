import type { ListenAddress } from "./listen.js";

export const DIALECT_NAMES = ["eppo", "growthbook", "amplitude", "posthog"] as const;

/** A vendor whose flags are served. */
export type DialectName = (typeof DIALECT_NAMES)[number];

/** What the bearer of a token may do. `secrets`: read PostHog's remote configurations, decrypted. */
export const TOKEN_SCOPES = ["configuration", "secrets"] as const;

export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A token of the relay's own, which SDKs send in place of the vendor's key. */
export interface TokenConfig {
  /** For logs and metrics. */
  readonly name: string;
  /** SHA-256 of the token, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  readonly scopes: readonly TokenScope[];
}

/** Paths of the files of a configuration, as `fileSource` takes them. */
export type ConfigurationFiles =
  | string
  | { readonly flags: string; readonly bandits?: string | undefined };

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
  /** Whether PostHog's events and remote flags are passed on. */
  readonly passThrough: boolean;
}

export interface AdminConfig {
  readonly listen: ListenAddress;
  /** `null`: none is asked for, which loopback alone allows. */
  readonly password: string | null;
  /** Names that `Host` may have besides those of loopback. */
  readonly hosts: readonly string[];
}

/** The whole configuration of a relay, checked. */
export interface RelayConfig {
  readonly listen: ListenAddress;
  readonly admin: AdminConfig;
  readonly maxStreams: number;
  /** How long a stream lives, ± 20 %. */
  readonly streamLifeMs: number;
  readonly environments: readonly EnvironmentConfig[];
}
