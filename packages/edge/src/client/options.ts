import type {
  DeduplicationOptions,
  Diagnostics,
  Dialect,
  EvaluationObserver,
  Overrides,
  Random,
} from "@sortition/core";
import {
  type CheckedDeduplication,
  type ConfigurationOrigin,
  checkDeduplication,
  DOCUMENTATION_URL,
  integerOptions,
  MAX_DELAY_MS,
  OptionError,
  type OptionHints,
  rejectUnknownOptions,
  requireFunction,
  requireMethods,
} from "@sortition/core/internal";
import { checkCache, type EdgeCache } from "../cache/edge-cache.js";
import type { SendExposures } from "../exposures/send.js";
import { fetchOf } from "../origin/fetch-of.js";
import {
  type FetchOriginOptions,
  fetchOrigin,
  ORIGIN_OPTION_NAMES,
} from "../origin/fetch-origin.js";
import type { FetchLike } from "../origin/web.js";

/** Options of `edgeClient`. */
export interface EdgeClientOptions<Details extends object = object, Extras = unknown>
  extends Partial<Omit<FetchOriginOptions, "dialect">> {
  /** The vendor's format and rules. */
  readonly dialect: Dialect<Details, Extras>;
  /** Where configurations come from, in place of `apiKey` and the other options of `fetchOrigin`. */
  readonly origin?: ConfigurationOrigin | undefined;
  /** Where isolates share configurations. Default: each isolate asks the vendor. */
  readonly cache?: EdgeCache | undefined;
  /** Sends the exposures of a request. Default: none are logged. */
  readonly send?: SendExposures | undefined;
  /** Age from which a configuration is looked for again, ms, at least 1 000; ± 20% by isolate. Default: 30 000. */
  readonly maxAgeMs?: number | undefined;
  /** How long a request waits for the first configuration, ms. Then it gets default values. Default: 1 500. */
  readonly readyTimeoutMs?: number | undefined;
  /** How long a request stays alive for its exposures, ms. Default: 2 000. */
  readonly flushTimeoutMs?: number | undefined;
  /** Called synchronously after each evaluation: one function, or several. */
  readonly onEvaluation?: EvaluationObserver | readonly EvaluationObserver[] | undefined;
  /** Variations that all requests get instead. */
  readonly overrides?: Overrides | undefined;
  /** Deduplication of exposures in this isolate. `false`: log every one. */
  readonly deduplication?: DeduplicationOptions | false | undefined;
  /** Whether every event has the evaluation details. Default: false. */
  readonly includeEvaluationDetails?: boolean | undefined;
  /** Getters return the default value instead of throwing. Default: true. */
  readonly isGracefulMode?: boolean | undefined;
  /** Warnings and errors. Default: the console. */
  readonly diagnostics?: Diagnostics | undefined;
  /** Used for the spread of `maxAgeMs`, never for assignment. */
  readonly random?: Random | undefined;
}

const OPTION_NAMES: readonly (keyof EdgeClientOptions)[] = [
  ...ORIGIN_OPTION_NAMES,
  ...(["origin", "cache", "send", "maxAgeMs", "readyTimeoutMs", "flushTimeoutMs"] as const),
  ...(["overrides", "deduplication", "includeEvaluationDetails", "isGracefulMode"] as const),
  ...(["onEvaluation", "diagnostics", "random"] as const),
];

/** Options of other clients, and what takes their place. */
const HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/guides/edge.md`,
  names: {
    source: "an isolate checks with its requests: give apiKey, or origin",
    disk: "an isolate has no disk: give cache, such as kvCache(env.FLAGS)",
    diskCache: "an isolate has no disk: give cache, such as kvCache(env.FLAGS)",
    pollIntervalMs: "an isolate has no timer of its own: give maxAgeMs",
    assignmentLogger: "give send, such as postTo({ url })",
    waitUntil: "give it with each request: forRequest(ctx)",
  },
};

const RULES = {
  maxAgeMs: [1_000, MAX_DELAY_MS, 30_000],
  readyTimeoutMs: [0, 600_000, 1_500],
  flushTimeoutMs: [1, 600_000, 2_000],
} as const;

/** Options after checks and defaults. */
export interface CheckedOptions {
  readonly origin: ConfigurationOrigin;
  /** Requests to the vendor so far; attempts, of an origin that was given. */
  readonly requestCount: () => number;
  readonly maxAgeMs: number;
  readonly readyTimeoutMs: number;
  readonly flushTimeoutMs: number;
  readonly deduplication: CheckedDeduplication;
}

/**
 * Checks the options that `createClient` does not.
 *
 * @throws OptionError naming the first option that is unknown or has a bad value.
 */
export function checkedOptions<Details extends object, Extras>(
  options: EdgeClientOptions<Details, Extras>,
): CheckedOptions {
  rejectUnknownOptions(options, OPTION_NAMES, undefined, () => HINTS);
  const { cache, deduplication = {}, dialect, send } = options;
  requireMethods("dialect", dialect ?? null, ["compile", "createTrace", "defaultBaseUrl"]);
  checkCache(cache);
  if (typeof send === "string") {
    throw new OptionError("send", "expected a function, got a string: write postTo({ url })");
  }
  requireFunction("send", send);
  return {
    ...integerOptions(options, RULES),
    deduplication: checkDeduplication(deduplication),
    ...originOf(options),
  };
}

function originOf<Details extends object, Extras>(
  options: EdgeClientOptions<Details, Extras>,
): Pick<CheckedOptions, "origin" | "requestCount"> {
  const { apiKey, dialect, origin } = options;
  let requests = 0;
  const requestCount = (): number => requests;
  const own = ORIGIN_OPTION_NAMES.filter((it) => it !== "dialect" && it !== "clock");
  if (origin === undefined) {
    const given = Object.fromEntries(own.map((name) => [name, options[name]]));
    const send = fetchOf(options.fetch);
    const fetch: FetchLike = (url, init) => {
      requests += 1;
      return send(url, init);
    };
    // Its own check refuses a key that is absent.
    const { clock } = options;
    return {
      origin: fetchOrigin({ ...given, dialect, apiKey: apiKey as string, fetch, clock }),
      requestCount,
    };
  }
  requireMethods("origin", origin, ["fetchOnce"]);
  const unused = own.find((name) => options[name] !== undefined);
  if (unused !== undefined) throw new OptionError(unused, "cannot be given together with origin");
  if (origin.dialect.name !== dialect.name) {
    throw new OptionError("origin", `is of ${origin.dialect.name}, the dialect is ${dialect.name}`);
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
