import {
  type Clock,
  type ConfigurationOrigin,
  type DialectAddresses,
  errorFailure,
  explainedOn,
  type Failure,
  fetchParts,
  isOkWithBody,
  messageOf,
  NetworkError,
  OptionError,
  parseBaseUrl,
  parseUrl,
  type Readers,
  RenewedEtags,
  type RequestOptions,
  readApiKey,
  readBaseUrl,
  readClock,
  readOptions,
  refuseEndpointHeaders,
  requestReaders,
  requireMethods,
  type Server,
  SortitionError,
  scopeOf,
  TimeoutError,
  type UrlLike,
} from "@sortition/core/internal";
import { RELEASE } from "../version.js";
import { fetchResponse } from "./fetch-response.js";
import { readFetch } from "./read-fetch.js";
import type { FetchLike } from "./web.js";

/** Options of {@link fetchOrigin}. */
export interface FetchOriginOptions extends RequestOptions {
  /** The vendor's format and addresses. */
  readonly dialect: DialectAddresses;
  /** The vendor's SDK key. Messages, status and cache names never contain it. */
  readonly apiKey: string;
  /** Sends the requests. Default: the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined;
  /** Parts of the clock to replace, for tests. */
  readonly clock?: Partial<Clock> | undefined;
}

const KEY_HINT = "is apiKey an SDK key of the right environment?";

const READERS = () =>
  ({
    ...requestReaders(),
    dialect: (path, value = null) => {
      requireMethods(path, value, ["defaultBaseUrl"], ", such as eppo()");
      return value as DialectAddresses;
    },
    apiKey: readApiKey,
    baseUrl: readBaseUrl,
    fetch: readFetch,
    clock: readClock,
  }) satisfies Readers<FetchOriginOptions>;

/**
 * Creates an origin that requests configurations from a vendor's server with `fetch`. It follows the rules of
 * `httpOrigin` in `@sortition/node`: one deadline for all headers and bodies, a size limit for each body, conditional
 * requests, and redirects only within the server.
 *
 * @throws OptionError for an unknown or invalid option.
 */
export function fetchOrigin(options: FetchOriginOptions): ConfigurationOrigin {
  const checked = readOptions(READERS(), options, undefined, explainedOn("/guides/edge.md"));
  const { apiKey, clock, dialect, fetch, requestTimeoutMs: timeoutMs } = checked;
  const problem = dialect.keyProblem?.(apiKey) ?? null;
  if (problem !== null) throw new OptionError("apiKey", problem);
  const who = { apiKey, sdkName: "sortition-edge", sdkVersion: RELEASE.version };
  refuseEndpointHeaders(checked.headers, dialect.endpoints, who);
  const baseUrl = checked.baseUrl ?? parseBaseUrl(dialect.defaultBaseUrl(apiKey));
  const addressOption = checked.baseUrl === null ? null : "baseUrl";
  const origin = parseUrl(baseUrl)?.origin ?? baseUrl;
  const addressHint = addressOption === null ? "is the network up?" : `is ${addressOption} right?`;
  const lateHint = `no configuration from ${origin}: ${addressHint}`;
  const server: Server<UrlLike> = {
    ...checked,
    addressOption,
    keyHint: KEY_HINT,
    acceptEncoding: null,
    locate(path, query) {
      const url = parseUrl(`${baseUrl}${path}${query === "" ? "" : `?${query}`}`);
      if (url === null) throw new OptionError("baseUrl", "is not a URL");
      return url;
    },
    renewedEtags: new RenewedEtags(),
    isUsable: isOkWithBody,
    offersStream: () => false,
    who,
    clock,
  };
  const failureOf = (cause: unknown): Failure => {
    if (cause instanceof TimeoutError) {
      return errorFailure(new TimeoutError(cause.phase, cause.timeoutMs, lateHint));
    }
    const why = `no configuration from ${origin} (${messagesOf(cause)}): ${addressHint}`;
    return errorFailure(SortitionError.is(cause) ? cause : new NetworkError(why, cause));
  };
  let scope: string | null = null;
  return {
    dialect,
    requestTimeoutMs: timeoutMs,
    lateHint,
    get scope() {
      scope ??= scopeOf(dialect.name, baseUrl, apiKey);
      return scope;
    },
    fetchOnce: (current, { signal }) =>
      fetchParts({
        server,
        endpoints: dialect.endpoints,
        send: (message) => fetchResponse(fetch, message),
        current,
        timeoutMs,
        signal,
        failureOf,
      }),
  };
}

/** Returns the messages of an error and its cause. Node's `fetch` only explains the failure in the cause. */
function messagesOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause instanceof Error ? `${messageOf(thrown)}: ${cause.message}` : messageOf(thrown);
}
