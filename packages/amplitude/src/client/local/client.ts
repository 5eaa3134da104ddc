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
 *
 * @see docs/spec/amplitude.md
 */
export class LocalEvaluationClient {
  /** The flags. What is written to it is seen by the next evaluation. */
  readonly cache: InMemoryFlagConfigCache;
  /** The cohorts that flags refer to. */
  readonly cohortStorage: InMemoryCohortStorage;
  declare private readonly inner: LocalEvaluation;

  /**
   * @param flagConfigCache - a store that flags are written to, and read from if the server fails at `start`.
   * @param httpClient - sends the requests for flags and cohorts.
   * @param streamEventSourceFactory - opens the stream of flags.
   * @throws OptionError for a bad value of an option that the vendor's SDK does not have.
   */
  constructor(
    apiKey: string,
    options: LocalEvaluationConfig = {},
    flagConfigCache?: FlagConfigCache | null,
    httpClient?: HttpClient,
    streamEventSourceFactory?: StreamEventSourceFactory,
  ) {
    const injected = { httpClient, eventSource: streamEventSourceFactory };
    // The vendor's SDK takes null, too.
    const inner = new LocalEvaluation(apiKey, options ?? {}, flagConfigCache, injected);
    this.cache = inner.cache;
    this.cohortStorage = inner.cohortStorage;
    defineInner(this, inner);
    inspectAs(this, "LocalEvaluationClient", () => inner.view());
  }

  /**
   * Evaluates flags for a user. A flag that gives the user no variant of its own has its default variant,
   * whose `metadata.default` is true. Ids of cohorts are written to the user.
   *
   * @param flagKeys - the flags to evaluate, with those that they depend on; absent: all.
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
   * Writes the ids of the cohorts that flags refer to, and that the user is in, to the user, as each evaluation does. A
   * subclass that replaces the method decides by what it writes.
   */
  protected enrichUserWithCohorts(user: ExperimentUser, flags: Record<string, FlagConfig>): void {
    this.inner.enrich(user, referencesOfAll(flags));
  }

  /**
   * {@link evaluateV2} without default variants.
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
   * Fetches the flags and keeps them up to date. Resolves when each cohort that they refer to has arrived or finally
   * failed; flags that need no other are evaluated before. Does nothing while there are flags.
   *
   * Rejects if the flags cannot be had within `startTimeoutMillis`. Updates go on all the same, so that a later
   * evaluation may have flags; a further call joins the try that is under way, or begins one.
   */
  async start(): Promise<void> {
    await this.inner.start();
  }

  /** Stops updates, and delivers events. */
  stop(options: { readonly timeoutMs: number }): Promise<void>;
  /** Stops updates. Events that are not uploaded yet stay with the analytics client, as with the vendor's. */
  // The vendor's signature is the last one: `ReturnType` and the types of mocks read that.
  stop(): void;
  stop(options?: { readonly timeoutMs: number }): Promise<void> | void {
    return this.inner.stop(options);
  }
}

/** Whether a subclass replaces the method. Outside of the class: bundlers rename a class that refers to itself. */
function enrichesItself(client: LocalEvaluationClient): boolean {
  const { prototype } = LocalEvaluationClient;
  return client["enrichUserWithCohorts"] !== prototype["enrichUserWithCohorts"];
}
