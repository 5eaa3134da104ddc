import type {
  DeduplicationOptions,
  Diagnostics,
  Dialect,
  EvaluationObserver,
  Overrides,
  Random,
} from "@sortition/core";
import {
  boolean,
  type CheckedDeduplication,
  type ConfigurationOrigin,
  callback,
  checkDeduplication,
  clientReaders,
  DOCUMENTATION_URL,
  integer,
  MAX_DELAY_MS,
  OptionError,
  type OptionHints,
  type Readers,
  readApiKey,
  readBaseUrl,
  readOptions,
  requestReaders,
  requireFunction,
  requireMethods,
  withMethods,
} from "@sortition/core/internal";
import { checkCache, type EdgeCache } from "../cache/edge-cache.js";
import type { SendExposures } from "../exposures/send.js";
import { type FetchOriginOptions, fetchOrigin } from "../origin/fetch-origin.js";
import { readFetch } from "../origin/read-fetch.js";
import type { FetchLike } from "../origin/web.js";

/** Options of `edgeClient`. */
export interface EdgeClientOptions<Details extends object = object, Extras = unknown>
  extends Partial<Omit<FetchOriginOptions, "dialect">> {
  /** The vendor's format and rules. */
  readonly dialect: Dialect<Details, Extras>;
  /** Source of configurations, instead of `apiKey` and the other options of `fetchOrigin`. */
  readonly origin?: ConfigurationOrigin | undefined;
  /** Cache in which isolates share configurations. Default: each isolate requests them from the vendor. */
  readonly cache?: EdgeCache | undefined;
  /** Sends the exposures of a request. Default: none are logged. */
  readonly send?: SendExposures | undefined;
  /** Age after which requests check for a new configuration, ms, at least 1,000; ±20% per isolate. Default: 30,000. */
  readonly maxAgeMs?: number | undefined;
  /** How long a request waits for the first configuration before it uses default values, ms. Default: 1,500. */
  readonly initializationTimeoutMs?: number | undefined;
  /** How long a request is kept alive for its exposures, ms. Default: 2,000. */
  readonly flushTimeoutMs?: number | undefined;
  /** One or more functions that are called synchronously after each evaluation. */
  readonly onEvaluation?: EvaluationObserver | readonly EvaluationObserver[] | undefined;
  /** Variations that replace the evaluated ones in all requests. */
  readonly overrides?: Overrides | undefined;
  /** Deduplication of exposures in this isolate. `false`: log every exposure. */
  readonly deduplication?: DeduplicationOptions | false | undefined;
  /** Whether to include evaluation details in every event. Default: false. */
  readonly includeEvaluationDetails?: boolean | undefined;
  /** Whether getters return the default value instead of throwing. Default: true. */
  readonly isGracefulMode?: boolean | undefined;
  /** Receives warnings and errors. Default: the console. */
  readonly diagnostics?: Diagnostics | undefined;
  /** Random numbers for the jitter of `maxAgeMs`. Never used for assignment. */
  readonly random?: Random | undefined;
}

/** Options of other clients, and what to use instead. */
const HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/guides/edge.md`,
  names: {
    source: "an isolate checks for configurations during its requests: pass apiKey or origin",
    disk: "an isolate has no disk: pass cache, such as kvCache(env.FLAGS)",
    diskCache: "an isolate has no disk: pass cache, such as kvCache(env.FLAGS)",
    pollIntervalMs: "an isolate has no timer between requests: pass maxAgeMs",
    assignmentLogger: "pass send, such as postTo({ url })",
    waitUntil: "pass it with each request: forRequest(ctx)",
  },
};

/** Readers of the options of `fetchOrigin` that cannot be combined with `origin`. */
const FETCHING = (origin: unknown) =>
  ({
    ...requestReaders(),
    apiKey: (path, value) =>
      value === undefined && origin !== undefined ? undefined : readApiKey(path, value),
    baseUrl: readBaseUrl,
    fetch: callback<FetchLike>(),
  }) satisfies Readers<Omit<FetchOriginOptions, "clock" | "dialect">>;

const READERS = (origin: unknown) => {
  const { clock, diagnostics, isGracefulMode, onEvaluation, overrides, random } = clientReaders();
  return {
    ...FETCHING(origin),
    ...{ clock, diagnostics, isGracefulMode, onEvaluation, overrides, random },
    dialect: (path, value) => {
      if (typeof value === "object" && value !== null) {
        requireMethods(
          path,
          value,
          ["compile", "createTrace", "defaultBaseUrl"],
          ", such as eppo()",
        );
        return;
      }
      const fact = value === undefined ? "is missing" : `is a ${typeof value}`;
      throw new OptionError(path, `${fact}: pass dialect: eppo(), or another vendor's`);
    },
    origin: withMethods<ConfigurationOrigin>("fetchOrigin({ apiKey, dialect })", "fetchOnce"),
    cache: (_, value) => checkCache(value),
    send: (path, value) => {
      if (typeof value === "string") {
        throw new OptionError(path, "expected a function, got a string: write postTo({ url })");
      }
      if (typeof value === "function" && value.name === "fetch") {
        throw new OptionError(path, "is fetch itself: write postTo({ url })");
      }
      requireFunction(path, value, ": write postTo({ url })");
    },
    maxAgeMs: integer(1_000, MAX_DELAY_MS, 30_000),
    initializationTimeoutMs: integer(0, 600_000, 1_500),
    flushTimeoutMs: integer(1, 600_000, 2_000),
    deduplication: (_, value = {}) => checkDeduplication(value as DeduplicationOptions | false),
    includeEvaluationDetails: boolean(false),
  } satisfies Readers<EdgeClientOptions>;
};

/** Checked options with defaults. */
export interface CheckedOptions {
  readonly origin: ConfigurationOrigin;
  /** Number of requests to the vendor, or of attempts if `origin` was given. */
  readonly requestCount: () => number;
  readonly maxAgeMs: number;
  readonly initializationTimeoutMs: number;
  readonly flushTimeoutMs: number;
  readonly deduplication: CheckedDeduplication;
}

/**
 * Checks all options before anything is created.
 *
 * @throws OptionError for the first problem, with the others.
 */
export function checkedOptions<Details extends object, Extras>(
  options: EdgeClientOptions<Details, Extras>,
): CheckedOptions {
  const read = readOptions(READERS(options?.origin), options, undefined, () => HINTS);
  const { deduplication, flushTimeoutMs, initializationTimeoutMs, maxAgeMs } = read;
  return {
    ...{ deduplication, flushTimeoutMs, initializationTimeoutMs, maxAgeMs },
    ...originOf(options),
  };
}

function originOf<Details extends object, Extras>(
  options: EdgeClientOptions<Details, Extras>,
): Pick<CheckedOptions, "origin" | "requestCount"> {
  const { apiKey, dialect, origin } = options;
  let requests = 0;
  const requestCount = (): number => requests;
  const own = Object.keys(FETCHING(origin)) as (keyof FetchOriginOptions & keyof typeof options)[];
  if (origin === undefined) {
    const given = Object.fromEntries(own.map((name) => [name, options[name]]));
    const send = readFetch("fetch", options.fetch);
    const fetch: FetchLike = (url, init) => {
      requests += 1;
      return send(url, init);
    };
    // `fetchOrigin` refuses a missing key.
    const { clock } = options;
    return {
      origin: fetchOrigin({ ...given, dialect, apiKey: apiKey as string, fetch, clock }),
      requestCount,
    };
  }
  const unused = own.find((name) => options[name] !== undefined);
  if (unused !== undefined) throw new OptionError(unused, "cannot be given together with origin");
  if (origin.dialect.name !== dialect.name) {
    throw new OptionError(
      "origin",
      `uses the dialect "${origin.dialect.name}", but dialect is "${dialect.name}"`,
    );
  }
  const counted: ConfigurationOrigin = {
    dialect: origin.dialect,
    requestTimeoutMs: origin.requestTimeoutMs,
    get scope() {
      return origin.scope;
    },
    fetchOnce(current, context) {
      requests += 1;
      return origin.fetchOnce(current, context);
    },
  };
  return { origin: counted, requestCount };
}
