import { type Client, consoleDiagnostics, createClient } from "@sortition/core";
import {
  createClock,
  type Diagnostics,
  hostRandom,
  limitDiagnostics,
  withAwaitHints,
  withMethodHints,
  withOwnSettings,
} from "@sortition/core/internal";
import { Copies } from "../cache/copies.js";
import { Ledger } from "../exposures/ledger.js";
import { type ExposurePorts, RequestExposures } from "../exposures/request-exposures.js";
import { type RequestContext, RequestWork } from "../exposures/request-work.js";
import { RELEASE } from "../version.js";
import { Freshness } from "./freshness.js";
import { checkedOptions, type EdgeClientOptions } from "./options.js";
import type { EdgeStatus } from "./status.js";

/** The client of one isolate, which creates a client for each request. */
export interface EdgeClient<Details extends object = object, Extras = unknown> {
  /**
   * Creates a client for one request. Resolves immediately, or, if there is no configuration yet, waits for one for up to
   * `initializationTimeoutMs`. The client's `flush` and `close` only affect this request.
   *
   * @param context - its `waitUntil` keeps the request alive for its exposures and for a check with the vendor. Without it,
   * await `client.flush()` before the request ends.
   * @throws OptionError (the promise rejects) if `waitUntil` is not a function.
   */
  forRequest(context?: RequestContext): Promise<Client<Details, Extras>>;
  /** A frozen snapshot of the isolate's state. */
  readonly status: EdgeStatus;
}

/**
 * Creates the client of an isolate. Create it once, at module scope or in the first request. It has no background work:
 * requests check for new configurations and send their own exposures.
 *
 * ```ts
 * let flags: EdgeClient | undefined;
 * export default {
 *   async fetch(request, env, ctx) {
 *     flags ??= edgeClient({ dialect: eppo(), apiKey: env.EPPO_KEY, cache: kvCache(env.FLAGS) });
 *     const client = await flags.forRequest(ctx);
 *     return new Response(client.getStringAssignment("checkout", "alice", {}, "standard"));
 *   },
 * };
 * ```
 *
 * @throws OptionError if an option is missing, unknown or invalid.
 */
export function edgeClient<Details extends object = object, Extras = unknown>(
  options: EdgeClientOptions<Details, Extras>,
): EdgeClient<Details, Extras> {
  const checked = checkedOptions(options);
  const { deduplication, flushTimeoutMs, origin, requestCount } = checked;
  const { cache, dialect, includeEvaluationDetails, random = hostRandom, send } = options;
  const { isGracefulMode, onEvaluation, overrides } = options;
  const clock = createClock(options.clock);
  const diagnostics = limitDiagnostics(options.diagnostics ?? consoleDiagnostics(), clock);
  const ledger = new Ledger(clock, diagnostics);
  const served: Client<Details, Extras> = createClient({
    dialect,
    assignmentLogger: null,
    deduplication: {
      assignments: deduplication.assignments ?? false,
      bandits: deduplication.bandits ?? false,
    },
    exposures: includeEvaluationDetails === undefined ? undefined : { includeEvaluationDetails },
    isGracefulMode,
    overrides,
    onEvaluation,
    diagnostics: withReason(diagnostics, () => freshness.emptyReason),
    clock: options.clock,
    random,
    sdk: RELEASE,
  });
  const copies =
    cache === undefined
      ? null
      : new Copies({ cache, scope: () => origin.scope, dialect: dialect.name, clock, diagnostics });
  const { maxAgeMs, initializationTimeoutMs } = checked;
  const ports = { dialect, origin, copies, served, clock, random, diagnostics };
  const freshness: Freshness = new Freshness({ ...ports, maxAgeMs, initializationTimeoutMs });
  const exposurePorts: ExposurePorts | null =
    send === undefined ? null : { ledger, send, flushTimeoutMs, clock, diagnostics };
  const clientFor = async (context: RequestContext): Promise<Client<Details, Extras>> => {
    const work = new RequestWork(context, diagnostics);
    ledger.endOverdue();
    await freshness.serve(work);
    if (exposurePorts === null) return withOwnSettings(served, null);
    const exposures = new RequestExposures(exposurePorts, work);
    return withOwnSettings(served, exposures.logger, exposures);
  };
  const client: EdgeClient<Details, Extras> = {
    forRequest: (context = {}) => withAwaitHints(clientFor(context), "forRequest(…)"),
    get status() {
      ledger.endOverdue();
      const { ageMs, counters, isEmpty, isFresh, lastError } = freshness;
      return Object.freeze({
        state: isEmpty ? "empty" : isFresh ? "fresh" : "stale",
        ageMs,
        revision: served.getConfiguration()?.revision ?? null,
        checks: counters,
        vendorRequests: requestCount(),
        lastError,
        cache: copies?.counters ?? null,
        exposures: ledger.counters,
        web: served.status.counters.web ?? null,
      });
    },
  };
  return withMethodHints(
    client,
    (name) => `call it on a request's client: (await flags.forRequest(ctx)).${name}(…)`,
  );
}

/** Diagnostics for the isolate's shared client. It has no source, so the isolate explains why there is no configuration. */
function withReason(diagnostics: Diagnostics, emptyReason: () => string): Diagnostics {
  return {
    debug: diagnostics.debug,
    info: diagnostics.info,
    error: diagnostics.error,
    warn(message, facts) {
      if (facts?.["cause"] !== "evaluated before ready") return diagnostics.warn(message, facts);
      const flag = `flag "${facts["flagKey"]}" evaluated before ready: default returned`;
      diagnostics.warn(`${flag}; ${emptyReason()}`, facts);
    },
  };
}
