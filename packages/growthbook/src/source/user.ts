import type { Attributes } from "../events/callbacks.js";

/** Hosts without trailing slashes, and the headers for their requests. */
export interface ApiHosts {
  apiHost: string;
  streamingHost: string;
  apiRequestHeaders?: Record<string, string> | undefined;
  streamingHostRequestHeaders?: Record<string, string> | undefined;
}

/** Input of a remote evaluation for one user. */
export interface RemoteQuestion {
  readonly attributes: Attributes;
  readonly forcedVariations: Record<string, number>;
  readonly forcedFeatures: [string, unknown][];
  readonly url: string;
  /** Attributes by which results are cached. `null` for all. */
  readonly cacheKeyAttributes: readonly string[] | null;
}

/** The members of an instance that the repository needs. */
export interface PayloadUser {
  getApiHosts(): ApiHosts;
  getClientKey(): string;
  /** Returns `null` if features are evaluated locally. */
  remoteQuestion(): RemoteQuestion | null;
  /** Whether its requests may open a stream with the user's `EventSource`, even if streaming was not requested. */
  readonly mayStream: boolean;
  /** Writes to the debug log. */
  log(message: string, facts: Record<string, unknown>): void;
  warn(message: string): void;
}

/** Address of the vendor's server. */
export const DEFAULT_HOST = "https://cdn.growthbook.io";

export function hostsOf(options: {
  readonly apiHost?: string | undefined;
  readonly streamingHost?: string | undefined;
  readonly apiHostRequestHeaders?: Record<string, string> | undefined;
  readonly streamingHostRequestHeaders?: Record<string, string> | undefined;
}): ApiHosts {
  const apiHost = options.apiHost || DEFAULT_HOST;
  return {
    apiHost: withoutSlashes(apiHost),
    streamingHost: withoutSlashes(options.streamingHost || apiHost),
    apiRequestHeaders: options.apiHostRequestHeaders,
    streamingHostRequestHeaders: options.streamingHostRequestHeaders,
  };
}

function withoutSlashes(host: string): string {
  let end = host.length;
  while (host[end - 1] === "/") end -= 1;
  return host.slice(0, end);
}

/** Returns the key by which instances share requests, stream and timers. */
export function connectionKey(user: PayloadUser): string {
  return `${user.getApiHosts().apiHost}||${user.getClientKey()}`;
}

/** Returns the cache key. Remote evaluations are cached separately for each input. */
export function cacheKeyOf(user: PayloadUser): string {
  const question = user.remoteQuestion();
  if (question === null) return connectionKey(user);
  const { attributes, cacheKeyAttributes, forcedVariations: fv, url } = question;
  const names = cacheKeyAttributes ?? Object.keys(attributes);
  const ca = Object.fromEntries(names.map((name) => [name, attributes[name]]));
  return `${connectionKey(user)}||${JSON.stringify({ ca, fv, url })}`;
}
