import { inspectAs } from "@sortition/core/internal";
import { referencesOfAll } from "../../dialect/cohorts/references.js";
import { toVariants } from "../../dialect/evaluation/evaluate-user.js";
import type { HttpClient } from "../http-client.js";
import { defineInner } from "../inner.js";
import type { ExperimentUser } from "../user.js";
import { type Variant, type Variants, withoutDefaults } from "../variant.js";
import type { InMemoryCohortStorage } from "./cohort-storage.js";
import type { LocalEvaluationConfig } from "./config.js";
import { LocalEvaluation } from "./evaluation.js";
import type { StreamEventSourceFactory } from "./event-source.js";
import type { FlagConfig, FlagConfigCache, InMemoryFlagConfigCache } from "./flag-config-cache.js";

/** Options of one local evaluation. */
export interface EvaluateOptions {
  /** Whether exposures are tracked. Default: false. */
  tracksExposure?: boolean | undefined;
}

/**
 * Evaluates flags for a user without a request. `start` fetches the flags and keeps them up to date.
 */
export class LocalEvaluationClient {
  /** The flags. A write takes effect with the next evaluation. */
  readonly cache: InMemoryFlagConfigCache;
  /** The cohorts that the flags refer to. */
  readonly cohortStorage: InMemoryCohortStorage;
  declare private readonly inner: LocalEvaluation;

  /**
   * @param flagConfigCache - a store that flags are written to, and read from if the server fails
   * during `start`.
   * @param httpClient - sends the requests for flags and cohorts.
   * @param streamEventSourceFactory - opens the stream of flags.
   * @throws OptionError for an invalid value of an option that the vendor's SDK does not have.
   */
  constructor(
    apiKey: string,
    options: LocalEvaluationConfig = {},
    flagConfigCache?: FlagConfigCache | null,
    httpClient?: HttpClient,
    streamEventSourceFactory?: StreamEventSourceFactory,
  ) {
    const injected = { httpClient, eventSource: streamEventSourceFactory };
    // The vendor's SDK accepts null too.
    const inner = new LocalEvaluation(apiKey, options ?? {}, flagConfigCache, injected);
    this.cache = inner.cache;
    this.cohortStorage = inner.cohortStorage;
    defineInner(this, inner);
    inspectAs(this, "LocalEvaluationClient", () => inner.view());
  }

  /**
   * Evaluates flags for a user. A flag that assigns the user no variant returns its default
   * variant, whose `metadata.default` is true. The ids of the user's cohorts are written to the
   * user.
   *
   * @param flagKeys - the flags to evaluate, together with their dependencies. Default: all.
   * @throws Error if flags depend on each other in a cycle.
   */
  evaluateV2(
    user: ExperimentUser,
    flagKeys?: readonly string[],
    options?: EvaluateOptions,
  ): Record<string, Variant> {
    const enrich = enrichesItself(this)
      ? (it: ExperimentUser) => this.enrichUserWithCohorts(it, this.cache.getAllCached())
      : null;
    return toVariants(this.inner.evaluate(user, flagKeys, options, enrich));
  }

  /**
   * Writes the ids of the user's cohorts that flags refer to, to the user, as each evaluation does. A subclass can
   * override this method to determine the cohorts.
   */
  protected enrichUserWithCohorts(user: ExperimentUser, flags: Record<string, FlagConfig>): void {
    this.inner.enrich(user, referencesOfAll(flags));
  }

  /**
   * Like {@link evaluateV2}, but without default variants.
   *
   * @deprecated use `evaluateV2`.
   */
  async evaluate(
    user: ExperimentUser,
    flagKeys?: readonly string[],
    options?: EvaluateOptions,
  ): Promise<Variants> {
    return withoutDefaults(this.evaluateV2(user, flagKeys, options));
  }

  /**
   * Fetches the flags and keeps them up to date. Resolves when every cohort that they refer to is
   * loaded or has finally failed. Flags that do not wait for a cohort can be evaluated before. Does
   * nothing if flags are already loaded.
   *
   * Rejects if the flags cannot be loaded within `startTimeoutMillis`. Updates continue anyway, so
   * that later evaluations may have flags. Another call joins the running attempt, or starts one.
   */
  async start(): Promise<void> {
    await this.inner.start();
  }

  /** Stops updates and delivers events. */
  stop(options: { readonly timeoutMs: number }): Promise<void>;
  /**
   * Stops updates. Events that have not been uploaded stay in the analytics client, as in the
   * vendor's SDK.
   */
  // The vendor's signature comes last, because `ReturnType` and the types of mocks use the last
  // one.
  stop(): void;
  stop(options?: { readonly timeoutMs: number }): Promise<void> | void {
    return this.inner.stop(options);
  }
}

/**
 * Whether a subclass overrides `enrichUserWithCohorts`. This function is outside the class, because
 * bundlers rename a class that refers to itself.
 */
function enrichesItself(client: LocalEvaluationClient): boolean {
  const { prototype } = LocalEvaluationClient;
  return client["enrichUserWithCohorts"] !== prototype["enrichUserWithCohorts"];
}
