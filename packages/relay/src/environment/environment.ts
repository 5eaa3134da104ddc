import {
  type AssignmentLogger,
  type Client,
  type ClientStatus,
  type Clock,
  type Configuration,
  createClient,
  type Diagnostics,
  type Dialect,
  type FlagUse,
  type LastUse,
  lastUse,
} from "@sortition/node";
import { checkDiskCache, diskCachedSource } from "@sortition/node/internal";
import { Tokens } from "../access/tokens.js";
import type { EnvironmentConfig } from "../config/config.js";
import { settleAll } from "../config/reading.js";
import { type AnswerSet, answersOf } from "./answers.js";
import { type Attempts, countedSource } from "./counted-source.js";
import { type ExposureLoggers, exposureLoggers } from "./exposure-loggers.js";
import { type GrowthbookEvaluator, openGrowthbookEvaluator } from "./growthbook-evaluator.js";
import { HASHED_KEYS, hasHashedKeys } from "./hashed-keys.js";
import { openLoggers } from "./loggers.js";
import { LossReports } from "./loss-reports.js";
import { within, withOptionPath } from "./option-path.js";
import { dialectOf, type EnvironmentSource, type Fleet, openSource } from "./sources.js";
import { WebhookRefusals } from "./webhook-refusals.js";

/** The shortest time between two refreshes that a webhook asks for. */
const REFRESH_PAUSE_MS = 1_000;
/** The client's loggers are closed before it. */
const CLIENT_CLOSE_MS = 500;
/** Ages are sent in seconds. */
const AGE_PRECISION_MS = 500;

/** Members of the configuration that are read for each request, so a change needs no new environment. */
export const IN_PLACE: ReadonlySet<string> = new Set<keyof EnvironmentConfig>([
  ...(["isDefault", "maxStreams", "origins", "passThrough", "path", "webhookSecret"] as const),
]);

/** What an environment is made of. */
type Parts = EnvironmentSource & {
  readonly dialect: Dialect;
  readonly attempts: Attempts;
  readonly loggers: readonly AssignmentLogger[];
  readonly growthbookEvaluator: GrowthbookEvaluator | null;
  readonly diagnostics: Diagnostics;
};

/** Evaluates with one configuration, with and without exposures. */
export interface Evaluation {
  /** Its exposures are logged. */
  readonly logged: Pick<Client<object>, "evaluate">;
  readonly quiet: Client<object>;
}

/** An exposure that was logged, without the subject and its attributes. */
export interface LoggedExposure {
  readonly flagKey: string;
  /** `null`: the answer had none. */
  readonly variation: string | null;
}

/** One environment of one vendor: a client, and the answers made of its configuration. */
export class Environment {
  readonly tokens: Tokens;
  readonly webhooks: WebhookRefusals;
  readonly #parts: Parts;
  readonly #listeners = new Set<(answers: AnswerSet) => void>();
  readonly #exposureListeners = new Set<(exposure: LoggedExposure) => void>();
  readonly #clock: Clock;
  #config: EnvironmentConfig;
  #client: Client<object> | null = null;
  #evaluation: Evaluation | null = null;
  #use: LastUse | null = null;
  #exposures: ExposureLoggers | null = null;
  #lossReports: LossReports | null = null;
  #isStale = false;
  #hasHashedKeys = false;
  #answers: AnswerSet | null = null;
  #configuration: Configuration | null = null;
  #age: { readonly atMs: number; readonly ageMs: number | null } | null = null;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #cancelRefresh: (() => void) | null = null;
  #isRefreshing = false;
  /** Whether the vendor reported a change while the response to an earlier request was awaited. */
  #isOutdated = false;

  private constructor(config: EnvironmentConfig, parts: Parts, clock: Clock) {
    this.#clock = clock;
    this.#config = config;
    this.#parts = parts;
    this.tokens = new Tokens(config.tokens, parts.keys);
    this.webhooks = new WebhookRefusals(parts.diagnostics);
  }

  /**
   * Makes an environment. Nothing is requested before {@link start}.
   *
   * Rejects with an OptionError that names the path of the option which is unknown or has a bad value.
   */
  static async open(
    config: EnvironmentConfig,
    clock: Clock,
    diagnostics: Diagnostics,
  ): Promise<Environment> {
    const parts: Partial<Parts> = { diagnostics };
    await settleAll([
      async () => Object.assign(parts, { dialect: dialectOf(config) }),
      async () => Object.assign(parts, await openCountedSource(config, diagnostics)),
      async () => {
        Object.assign(parts, { loggers: await openLoggers(config.loggers, diagnostics) });
      },
      async () => {
        Object.assign(parts, { growthbookEvaluator: await openGrowthbookEvaluator(config) });
      },
    ]);
    return new Environment(config, parts as Parts, clock); // none of the tasks has failed
  }

  get config(): EnvironmentConfig {
    return this.#config;
  }

  /** Replaces the configuration by one that differs only in {@link IN_PLACE} members. */
  adopt(config: EnvironmentConfig): void {
    this.#config = config;
  }

  /** `null` without a token for it. */
  get growthbookEvaluator(): GrowthbookEvaluator | null {
    return this.#parts.growthbookEvaluator;
  }

  get name(): string {
    return this.config.name;
  }

  /** Base URL of the vendor's server; `null` for a file. */
  get vendorUrl(): string | null {
    return this.#parts.source.dialect?.defaultBaseUrl("") ?? null;
  }

  /** What is served; `null` before the first configuration. */
  get answers(): AnswerSet | null {
    return this.#answers;
  }

  /** Where exposures go; `null` before {@link start}. */
  get exposures(): ExposureLoggers | null {
    return this.#exposures;
  }

  /** `null` before {@link start}, and where nothing is evaluated. */
  get evaluation(): Evaluation | null {
    return this.#evaluation;
  }

  /** Use of flags by remote evaluation since {@link start}; `null` where nothing is evaluated. */
  get uses(): ReadonlyMap<string, FlagUse> | null {
    return this.#use?.flags() ?? null;
  }

  /** Whether the vendor has not confirmed the configuration for too long. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** Whether flags are evaluated and a configuration had hashed flag keys. */
  get hasHashedKeys(): boolean {
    return this.#hasHashedKeys;
  }

  /** The configuration that the answers were made of; `null` before the first. */
  get configuration(): Configuration | null {
    return this.#configuration;
  }

  /** State of the client; `null` before {@link start}. */
  get status(): ClientStatus | null {
    return this.#client?.status ?? null;
  }

  /** Attempts of this process to get a configuration. With Redis one process makes those of all. */
  get attempts(): Attempts {
    const { attempts, fleet } = this.#parts;
    if (fleet === null) return attempts;
    const { error, ok, unchanged } = fleet.status.counters.polls;
    return { succeeded: ok + unchanged, failed: error };
  }

  /** State of the fleet; `null` without Redis. */
  get fleetStatus(): Fleet["status"] | null {
    return this.#parts.fleet?.status ?? null;
  }

  /** Time since the vendor confirmed what is served, to half a second; `null` if it is unknown. */
  get ageMs(): number | null {
    const nowMs = this.#clock.monotonicMs();
    if (this.#age === null || nowMs - this.#age.atMs > AGE_PRECISION_MS) {
      this.#age = { atMs: nowMs, ageMs: this.status?.ageMs ?? null };
    }
    return this.#age.ageMs;
  }

  /** Time until the next attempt to get a configuration; `null` if it is unknown. */
  get nextAttemptInMs(): number | null {
    return this.status?.nextAttemptInMs ?? null;
  }

  /** Begins to ask the vendor. */
  start(): void {
    const { diagnostics, dialect, fleet, loggers, source } = this.#parts;
    const exposures = exposureLoggers(loggers, fleet);
    this.#exposures = exposures;
    this.#lossReports = new LossReports(exposures, diagnostics, this.#clock);
    if (fleet !== null) this.growthbookEvaluator?.useFleet(fleet);
    this.#use = this.config.evaluate ? lastUse({ clock: this.#clock }) : null;
    const client = createClient<object>({
      onEvaluation: this.#use?.observe,
      dialect,
      source,
      diagnostics,
      clock: this.#clock,
      assignmentLogger: exposures.loggers,
    });
    this.#client = client;
    if (this.config.evaluate) {
      this.#evaluation = { logged: this.#reporting(client), quiet: client.withOwnSettings(null) };
    }
    client.on("stale", () => {
      this.#isStale = true;
    });
    client.on("fresh", () => {
      this.#isStale = false;
    });
    client.on("configuration-changed", () => {
      const configuration = client.getConfiguration();
      if (configuration === null) return;
      const answers = answersOf(configuration, this.#answers);
      this.#answers = answers;
      this.#configuration = configuration;
      this.#age = null;
      if (!this.#hasHashedKeys && this.config.evaluate && hasHashedKeys(configuration)) {
        this.#hasHashedKeys = true;
        diagnostics.warn("flags cannot be listed", { reason: HASHED_KEYS });
      }
      for (const listener of this.#listeners) listener(answers);
    });
  }

  /** Calls a listener after each swap, in the same turn; the returned function removes it. */
  onChange(listener: (answers: AnswerSet) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls a listener for each exposure that is logged, in the same turn; the returned function removes it. */
  onExposure(listener: (exposure: LoggedExposure) => void): () => void {
    this.#exposureListeners.add(listener);
    return () => void this.#exposureListeners.delete(listener);
  }

  /** Waits for the first configuration, or until none can be expected soon. Never rejects. */
  async waitUntilReady(): Promise<boolean> {
    await this.#client?.waitForInitialization();
    return this.#answers !== null;
  }

  /** Waits until this revision is served, at most `timeoutMs`. */
  waitForRevision(revision: string, timeoutMs: number): Promise<void> {
    if (this.#answers?.revision === revision) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        stopListening();
        cancelTimer();
        resolve();
      };
      const stopListening = this.onChange((answers) => {
        if (answers.revision === revision) end();
      });
      const cancelTimer = this.#clock.setTimer(end, timeoutMs, { holdsProcess: false });
    });
  }

  /**
   * Requests the configuration because the vendor says that it changed: now, or a second after the last such request.
   */
  requestRefresh(): void {
    if (this.#client === null || this.#cancelRefresh !== null) return;
    if (this.#isRefreshing) {
      this.#isOutdated = true;
      return;
    }
    const waitMs = this.#refreshedAtMs + REFRESH_PAUSE_MS - this.#clock.monotonicMs();
    if (waitMs <= 0) {
      void this.#refresh(this.#client);
      return;
    }
    const refresh = (): void => {
      this.#cancelRefresh = null;
      this.requestRefresh();
    };
    this.#cancelRefresh = this.#clock.setTimer(refresh, waitMs, { holdsProcess: false });
  }

  /**
   * Stops requests to the vendor, disconnects from Redis, and delivers the exposures. The configuration is still served.
   *
   * @param timeoutMs - time limit for the exposures.
   * @returns the number of exposures that could not be delivered.
   */
  async close(timeoutMs: number): Promise<number> {
    this.#cancelRefresh?.();
    // Loggers are closed first: without Redis, the client's flush would use up the whole time.
    await this.#exposures?.close(timeoutMs);
    await this.#client?.close({ timeoutMs: CLIENT_CLOSE_MS });
    await this.growthbookEvaluator?.close();
    await this.#parts.fleet?.close();
    return this.#lossReports?.end() ?? 0;
  }

  async #refresh(client: Client<object>): Promise<void> {
    this.#refreshedAtMs = this.#clock.monotonicMs();
    this.#isRefreshing = true;
    await client.refresh({ holdsProcess: false });
    this.#isRefreshing = false;
    if (!this.#isOutdated) return;
    this.#isOutdated = false;
    this.requestRefresh();
  }

  #reporting(client: Client<object>): Evaluation["logged"] {
    return {
      evaluate: (request) => {
        const details = client.evaluate(request);
        if (details.exposure.logged) {
          const exposure = { flagKey: request.flagKey, variation: details.variationKey };
          for (const listener of this.#exposureListeners) listener(exposure);
        }
        return details;
      },
    };
  }
}

/** Opens the source of an environment with its copy on disk, and counts its attempts. */
async function openCountedSource(
  config: EnvironmentConfig,
  diagnostics: Diagnostics,
): Promise<EnvironmentSource & Pick<Parts, "attempts">> {
  const { diskCache, path } = config;
  let parts: EnvironmentSource | undefined;
  await settleAll([
    async () => {
      parts = await openSource(config, diagnostics);
    },
    async () => {
      if (diskCache === null) return;
      withOptionPath(
        within(`${path}.diskCache`),
        diskCache,
        (it) => checkDiskCache(it as unknown as typeof diskCache), // whatever the file has
      );
    },
  ]);
  const opened = parts as unknown as EnvironmentSource; // none of the tasks has failed
  const { source } = opened;
  const kept = diskCache === null ? source : diskCachedSource(source, diskCache);
  return { ...opened, ...countedSource(kept) };
}
