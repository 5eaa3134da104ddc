import { TimeoutError } from "@sortition/core";
import {
  MAX_DELAY_MS,
  messageOf,
  OncePerCause,
  serverOf,
  unknownFlagReport,
  within,
} from "@sortition/core/internal";
import { keyProblem } from "../../dialect/addresses.js";
import type { CohortReferences } from "../../dialect/cohorts/cohorts.js";
import type { AmplitudeConfiguration } from "../../dialect/configuration.js";
import { enrichUser } from "../../dialect/evaluation/enrich-user.js";
import { evaluateUser } from "../../dialect/evaluation/evaluate-user.js";
import { type CohortLookup, NO_LOOKUP } from "../../dialect/evaluation/evaluation-call.js";
import { type ClientLog, createLog } from "../../messages/logging.js";
import { warnOfUnknownOptions } from "../../messages/option-names.js";
import { type LocalCall, type ObservedFlags, observedFlags } from "../observed-flags.js";
import { TakenValues } from "../taken-values.js";
import type { ExperimentUser } from "../user.js";
import type { EvaluateOptions } from "./client.js";
import { InMemoryCohortStorage } from "./cohort-storage.js";
import {
  COHORT_OPTION_NAMES,
  checkedLocalSettings,
  LOCAL_OPTION_NAMES,
  type LocalEvaluationConfig,
  type LocalSettings,
} from "./config.js";
import { createUpdates, type UpdatesFor } from "./create-updates.js";
import { type FlagConfigCache, InMemoryFlagConfigCache } from "./flag-config-cache.js";
import type { LoadedParts } from "./received-flags-source.js";
import { Tracking } from "./tracking.js";
import type { Updates } from "./updates.js";

/** Minimum time that the caller's store gets after the server has failed. */
const STORE_MS = 250;

type Results = ReturnType<typeof evaluateUser>;

/**
 * Implements `LocalEvaluationClient`. A separate class, because private names are not accessible
 * through a `Proxy`.
 */
export class LocalEvaluation {
  /** The flags. A write takes effect with the next evaluation. */
  readonly cache: InMemoryFlagConfigCache;
  /** The cohorts that the flags refer to. */
  readonly cohortStorage: InMemoryCohortStorage = new InMemoryCohortStorage();
  readonly #log: ClientLog;
  /** Unknown flags that were reported. */
  readonly #unknown = new OncePerCause();
  readonly #observed: ObservedFlags | null;
  readonly #settings: LocalSettings;
  readonly #tracking: Tracking;
  readonly #updates: Updates;
  #state: "created" | "starting" | "running" | "stopped" = "created";
  /** Whether there has been an update. */
  #hasFlags = false;
  /** Whether no flag of the last update is waiting for its cohorts. */
  #isWhole = true;

  constructor(
    apiKey: string,
    config: LocalEvaluationConfig,
    flagConfigCache: FlagConfigCache | null | undefined,
    { eventSource, httpClient }: Pick<UpdatesFor, "eventSource" | "httpClient">,
  ) {
    this.#log = createLog(config);
    const taken = new TakenValues(this.#log);
    this.#settings = checkedLocalSettings(config, taken);
    this.#observed = observedFlags(config, this.#log);
    warnOfUnknownOptions(config, LOCAL_OPTION_NAMES, this.#log);
    const problem = typeof apiKey === "string" ? keyProblem(apiKey) : null;
    if (problem !== null) this.#log.mistake(`[Experiment] the deployment key: ${problem}`);
    const { bootstrap, cohortSyncConfig } = config;
    if (cohortSyncConfig) {
      warnOfUnknownOptions(cohortSyncConfig, COHORT_OPTION_NAMES, this.#log, "cohortSyncConfig");
    }
    // A list is treated as a map by index, as in the vendor's SDK.
    const isMap = typeof bootstrap === "object" && bootstrap !== null;
    const flags = isMap ? bootstrap : taken.report("bootstrap", bootstrap ?? undefined, undefined);
    this.cache = new InMemoryFlagConfigCache(flagConfigCache, flags);
    this.#tracking = new Tracking(config, this.#settings, this.#log, taken);
    this.#updates = createUpdates({
      taken,
      apiKey,
      config,
      settings: this.#settings,
      log: this.#log,
      evaluated: () => Object.values(this.cache.getAllCached()),
      evaluatedCohortIds: () => idsOf(this.cache.configuration.references),
      serve: (configuration, what) => this.#serve(configuration, what),
      httpClient,
      eventSource,
    });
  }

  /** See `LocalEvaluationClient.start`. */
  async start(): Promise<void> {
    const { clock, flagsUrl, startTimeoutMs } = this.#settings;
    if (this.#state !== "running") this.#state = "starting";
    const startedAtMs = clock.monotonicMs();
    const starting = this.#updates.start();
    try {
      const limit = { clock, timeoutMs: startTimeoutMs, holdsProcess: true };
      const started = await within(limit, () => starting);
      if (started.kind === "failed") throw started.error;
      if (started.kind === "late") {
        const hint = `no flags from ${serverOf(flagsUrl, "the server")} yet: is serverUrl right?`;
        throw new TimeoutError("ready", startTimeoutMs, hint);
      }
      // Each cohort download has a separate deadline.
      await within({ ...limit, timeoutMs: MAX_DELAY_MS }, () => this.#updates.settled());
    } catch (error) {
      starting.catch(() => {}); // the error has been reported
      const leftMs = startTimeoutMs - (clock.monotonicMs() - startedAtMs);
      if (!(await this.#hasStored(Math.max(leftMs, STORE_MS)))) throw error;
    } finally {
      if (this.#state === "starting") this.#state = "running";
    }
  }

  /** See `LocalEvaluationClient.stop`. */
  stop(options?: { readonly timeoutMs: number }): Promise<void> | void {
    this.#updates.stop();
    this.#state = "stopped";
    // When `stop` is a signal listener it receives arguments, which the vendor's `stop` ignores.
    const timeoutMs = options?.timeoutMs;
    return timeoutMs === undefined ? undefined : this.#flush(timeoutMs);
  }

  /**
   * Evaluates flags and tracks the evaluation.
   *
   * @param enrich - writes the user's cohorts to the user before the evaluation. `null`: cohorts
   * are looked up.
   */
  evaluate(
    user: ExperimentUser,
    stored: readonly string[] | undefined,
    options: EvaluateOptions | undefined,
    enrich: ((user: ExperimentUser) => void) | null,
  ): Results {
    const { configuration } = this.cache;
    const flagKeys = this.cache.isRenamed ? this.cache.keysInside(stored) : stored;
    const lookup = enrich === null ? this.#lookUp(user, configuration) : NO_LOOKUP;
    enrich?.(user);
    this.#log.debug("[Experiment] evaluate");
    const failures = this.#observed === null ? null : new Map<string, unknown>();
    const call = { configuration, user, flagKeys, failures };
    const results = this.#evaluateUser(call, stored, lookup);
    this.#tracking.track({ user, results }, Boolean(options?.tracksExposure));
    const { user_id: id } = user;
    const isPlain = results.size > 0 && typeof id === "string" && id !== "";
    if (!isPlain || (flagKeys && flagKeys.length > 1)) {
      if (isMiss(results, flagKeys)) this.#reportUnknown(configuration, flagKeys);
    }
    if (this.#observed !== null) this.#notify(call, stored, results);
    return results;
  }

  /** Observers are also notified of a call that throws. */
  #evaluateUser(
    call: Omit<LocalCall, "results">,
    stored: readonly string[] | undefined,
    lookup: CohortLookup,
  ): Results {
    const { configuration, failures, flagKeys, user } = call;
    try {
      return evaluateUser(configuration, user, flagKeys, lookup, failures);
    } catch (cause) {
      if (this.#observed !== null) this.#notify(call, stored, null);
      throw cause;
    }
  }

  #notify(
    call: Omit<LocalCall, "results">,
    stored: readonly string[] | undefined,
    results: Results | null,
  ): void {
    const unknown = this.cache.unknownNames(stored);
    const flagKeys = unknown.length === 0 ? call.flagKeys : [...(call.flagKeys ?? []), ...unknown];
    this.#observed?.local({ ...call, flagKeys, results });
  }

  /** Writes the ids of cohorts to a user, and returns the lookup that was used. */
  #lookUp(user: ExperimentUser, configuration: AmplitudeConfiguration): CohortLookup {
    const { references } = configuration;
    const lookup = { cohorts: this.cohortStorage.cohorts, references };
    const missing = references.size === 0 ? null : this.cohortStorage.missing(configuration);
    if (missing !== null) {
      const [key, ids] = missing;
      this.#log.error(
        `[Experiment] Flag ${key} has cohort ids ${ids} unavailable, evaluation may be incorrect`,
      );
    }
    enrichUser(user, lookup);
    return lookup;
  }

  enrich(user: ExperimentUser, references: CohortReferences): void {
    enrichUser(user, { cohorts: this.cohortStorage.cohorts, references });
  }

  /** Reports requested flags that do not exist, once all flags are loaded. A flag without a variant for the user is not reported. */
  #reportUnknown({ flagKeys: known }: AmplitudeConfiguration, flagKeys: unknown): void {
    if (!Array.isArray(flagKeys) || !this.#isWhole || (known.size === 0 && !this.#hasFlags)) return;
    for (const key of flagKeys) {
      if (typeof key !== "string" || known.has(key)) continue;
      if (this.#unknown.first("unknown flag", key) === null) continue;
      this.#log.mistake(`[Experiment] ${unknownFlagReport(key, known).message}`);
    }
  }

  /** Content shown by `console.log`. */
  view(): object {
    return {
      state: this.#state,
      flags: this.cache.flagCount,
      cohorts: this.cohortStorage.cohorts.size,
      ageMs: this.#updates.ageMs,
    };
  }

  #serve(configuration: AmplitudeConfiguration, what: LoadedParts): void {
    if (what === "cohorts") {
      this.cohortStorage.update(configuration);
      return;
    }
    const isWhole = what === "flags";
    this.#hasFlags = true;
    this.#isWhole = isWhole;
    this.cohortStorage.replace(configuration);
    this.cache
      .replace(configuration, { isStored: isWhole })
      .catch((error) => this.#reportStore(error));
  }

  /**
   * Whether the caller's store has flags when the server returns none. If the store responds too
   * late, its flags are still used unless the server's are loaded first.
   */
  async #hasStored(timeoutMs: number): Promise<boolean> {
    if (this.#hasFlags) return false;
    const limit = { clock: this.#settings.clock, timeoutMs, holdsProcess: true };
    const reading = this.cache.readStore(() => !this.#hasFlags);
    const read = await within(limit, () => reading);
    if (read.kind === "done") return read.value;
    if (read.kind === "failed") this.#reportStore(read.error);
    else {
      this.#reportStore(new Error("it has not responded yet"));
      reading.catch((error) => this.#reportStore(error));
    }
    return false;
  }

  #reportStore(error: unknown): void {
    this.#log.error("[Experiment] the flag config cache failed", messageOf(error));
  }

  async #flush(timeoutMs: number): Promise<void> {
    const limit = { clock: this.#settings.clock, timeoutMs, holdsProcess: true };
    await within(limit, () => this.#tracking.flush(timeoutMs));
  }
}

function idsOf(references: CohortReferences): readonly string[] {
  return [...references.values()].flatMap((ids) => [...ids]);
}

/** Whether a requested flag may have no variant. */
function isMiss(results: Results, flagKeys: readonly string[] | null | undefined): boolean {
  if (results.size === 0) return true;
  if (!flagKeys) return false;
  // The number of results is no evidence, because they include dependencies.
  for (let i = 0; i < flagKeys.length; i++) {
    if (!results.has(flagKeys[i] as string)) return true; // i < length
  }
  return false;
}
