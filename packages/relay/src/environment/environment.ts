import {
  type AssignmentLogger,
  type Client,
  type ClientStatus,
  type Clock,
  type Configuration,
  createClient,
  type Diagnostics,
  type FlagUse,
  type LastUse,
  lastUse,
} from "@sortition/node";
import { diskCachedSource } from "@sortition/node/internal";
import { Tokens } from "../access/tokens.js";
import type { EnvironmentConfig } from "../config/config.js";
import { type AnswerSet, answersOf } from "./answers.js";
import { type Attempts, countedSource } from "./counted-source.js";
import { type GrowthbookEvaluator, openGrowthbookEvaluator } from "./growthbook-evaluator.js";
import { ExposureLoggers, openLoggers, sharedLoggers } from "./loggers.js";
import { withOptionPath } from "./option-path.js";
import { type EnvironmentSource, openSource } from "./sources.js";

/** The shortest time between two refreshes that a webhook asks for. */
const REFRESH_PAUSE_MS = 1_000;
/** Ages are sent in seconds. */
const AGE_PRECISION_MS = 500;

/** What an environment is made of. */
type Parts = EnvironmentSource & {
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
  readonly config: EnvironmentConfig;
  readonly tokens: Tokens;
  readonly #parts: Parts;
  readonly #listeners = new Set<(answers: AnswerSet) => void>();
  readonly #exposureListeners = new Set<(exposure: LoggedExposure) => void>();
  readonly #clock: Clock;
  #client: Client<object> | null = null;
  #evaluation: Evaluation | null = null;
  #use: LastUse | null = null;
  #exposures: ExposureLoggers | null = null;
  #isStale = false;
  #answers: AnswerSet | null = null;
  #configuration: Configuration | null = null;
  #age: { readonly atMs: number; readonly ageMs: number | null } | null = null;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #cancelRefresh: (() => void) | null = null;

  private constructor(config: EnvironmentConfig, parts: Parts, clock: Clock) {
    this.#clock = clock;
    this.config = config;
    this.#parts = parts;
    this.tokens = new Tokens(config.tokens, parts.keys);
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
    const parts = await openSource(config);
    const loggers = await openLoggers(config.loggers, diagnostics);
    const growthbookEvaluator = await openGrowthbookEvaluator(config);
    const { diskCache } = config;
    const kept =
      diskCache === null
        ? parts.source
        : withOptionPath(`${config.path}.diskCache`, () =>
            diskCachedSource(parts.source, diskCache),
          );
    return new Environment(
      config,
      { ...parts, ...countedSource(kept), loggers, growthbookEvaluator, diagnostics },
      clock,
    );
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
  get fleetStatus(): object | null {
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
    const exposures = fleet === null ? new ExposureLoggers(loggers) : sharedLoggers(loggers, fleet);
    this.#exposures = exposures;
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

  /** Asks the vendor now, or when the last such request is a second ago. */
  requestRefresh(): void {
    if (this.#client === null || this.#cancelRefresh !== null) return;
    const waitMs = this.#refreshedAtMs + REFRESH_PAUSE_MS - this.#clock.monotonicMs();
    if (waitMs <= 0) {
      this.#refreshedAtMs = this.#clock.monotonicMs();
      void this.#client.refresh({ holdsProcess: false });
      return;
    }
    const refresh = (): void => {
      this.#cancelRefresh = null;
      this.requestRefresh();
    };
    this.#cancelRefresh = this.#clock.setTimer(refresh, waitMs, { holdsProcess: false });
  }

  /** Ends the requests, and the use of Redis. What was received is still served. */
  async close(): Promise<void> {
    this.#cancelRefresh?.();
    await this.#client?.close();
    await this.growthbookEvaluator?.close();
    await this.#parts.fleet?.close();
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
