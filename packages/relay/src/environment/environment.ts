import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Deduplicator, withOwnSettings } from "@sortition/core/internal";
import {
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
import { type Token, Tokens } from "../access/tokens.js";
import type { EnvironmentConfig } from "../config/config.js";
import { settleAll } from "../config/reading.js";
import { type AnswerSet, answersOf } from "./answers.js";
import type { Attempts } from "./counted-source.js";
import type { EnvironmentBook } from "./environment-book.js";
import { ExposureDelivery } from "./exposure-delivery.js";
import type { GrowthbookEvaluator } from "./growthbook-evaluator.js";
import { HASHED_KEYS, hasHashedKeys } from "./hashed-keys.js";
import { fixedMembers } from "./in-place.js";
import type { ExposureCounts } from "./logger-slot.js";
import type { MemoryShare } from "./memory.js";
import { type OpenedSource, openCountedSource } from "./opened-source.js";
import { type PreparedChange, prepareChange } from "./prepared-change.js";
import { Refreshes } from "./refreshes.js";
import { SharedLoggers } from "./shared-loggers.js";
import type { Fleet } from "./sources.js";
import type { WebhookRefusals } from "./webhook-refusals.js";

/** Maximum number of pairs of subject and flag whose exposure is not logged again. */
const MAX_REMEMBERED = 50_000;
/** Precision of ages, which are sent in whole seconds. */
const AGE_PRECISION_MS = 500;

/** Parts that an environment shares with others. */
export interface EnvironmentPorts {
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** Counts for all environments of this name. */
  readonly book: EnvironmentBook;
  readonly memory: MemoryShare;
}

/** Evaluates flags with one configuration, with or without logging exposures. */
export interface Evaluation {
  /** Logs exposures. */
  readonly logged: Pick<Client<object>, "evaluate">;
  readonly quiet: Client<object>;
}

/** One environment of one vendor: a client, and the answers created from its configuration. */
export class Environment {
  readonly tokens: Tokens;
  readonly webhooks: WebhookRefusals;
  /** What {@link open} has prepared. */
  readonly prepared: PreparedChange;
  readonly #opened: OpenedSource;
  readonly #clock: Clock;
  readonly #diagnostics: Diagnostics;
  readonly #book: EnvironmentBook;
  /** The exposures that were logged. */
  readonly #logged: Deduplicator;
  #memory: MemoryShare;
  #config: EnvironmentConfig;
  #client: Client<object> | null = null;
  #evaluation: Evaluation | null = null;
  #use: LastUse | null = null;
  #growthbookEvaluator: GrowthbookEvaluator | null = null;
  #delivery: ExposureDelivery | null = null;
  #refreshes: Refreshes | null = null;
  #configuration: Configuration | null = null;
  #answers: AnswerSet | null = null;
  readonly #listeners = new Set<(answers: AnswerSet) => void>();
  #isStale = false;
  #hasHashedKeys = false;
  #hasReportedNoLogger = false;
  #age: { readonly atMs: number; readonly ageMs: number | null } | null = null;
  #endAttempts = (): void => {};

  private constructor(
    config: EnvironmentConfig,
    opened: OpenedSource,
    prepared: PreparedChange,
    { book, clock, diagnostics, memory }: EnvironmentPorts,
  ) {
    this.#book = book;
    this.#clock = clock;
    this.#config = config;
    this.#diagnostics = diagnostics;
    this.#memory = memory;
    const maxBytes = memory.deduplication;
    this.#logged = new Deduplicator({ max: MAX_REMEMBERED, maxBytes }, clock);
    this.#opened = opened;
    this.prepared = prepared;
    this.tokens = new Tokens(config.tokens, opened.keys);
    this.webhooks = book.webhooks;
  }

  /**
   * Creates an environment. Nothing is requested before {@link start}.
   *
   * Rejects with an OptionError that names the path of the unknown or invalid option.
   */
  static async open(config: EnvironmentConfig, ports: EnvironmentPorts): Promise<Environment> {
    let prepared: PreparedChange | undefined;
    try {
      const [opened, change] = await settleAll([
        () => openCountedSource(config, ports.diagnostics),
        async () => {
          prepared = await prepareChange(config, ports.book.exposures);
          return prepared;
        },
      ]);
      return new Environment(config, opened, change, ports);
    } catch (error) {
      await prepared?.loggers.discard();
      throw error;
    }
  }

  get config(): EnvironmentConfig {
    return this.#config;
  }

  /**
   * Checks and opens what another configuration needs.
   *
   * Rejects with an OptionError that names the path of the unknown or invalid option. Nothing is changed in that case.
   */
  async prepare(config: EnvironmentConfig): Promise<PreparedChange> {
    return await prepareChange(config, this.#book.exposures);
  }

  /**
   * Takes the members from another configuration that change in place.
   *
   * @returns the tokens that were removed or changed.
   */
  adopt(config: EnvironmentConfig, prepared: PreparedChange): ReadonlySet<Token> {
    this.#config = { ...config, ...fixedMembers(this.#config) };
    this.#book.hasWebhooks ||= config.webhookSecret !== null;
    this.#delivery?.use(prepared.loggers);
    this.#setEvaluator(prepared);
    return this.tokens.replace(config.tokens);
  }

  /** Resolves when replaced and removed loggers are closed. */
  async loggersSettled(): Promise<void> {
    await this.#book.exposures.settled();
  }

  /**
   * Logs exposures from now on. Called once, after {@link start}, when this environment is served.
   *
   * @param former - resolves when the environment that this one replaces has ended.
   */
  serve(former: Promise<void> = Promise.resolve()): void {
    this.#delivery?.use(this.prepared.loggers, () => former);
    this.#setEvaluator(this.prepared);
  }

  /** `null` if no token has been for remote evaluation. */
  get growthbookEvaluator(): GrowthbookEvaluator | null {
    return this.#growthbookEvaluator;
  }

  /** The memory that this environment may use. */
  get memory(): MemoryShare {
    return this.#memory;
  }

  set memory(memory: MemoryShare) {
    this.#memory = memory;
    this.#logged.maxBytes = memory.deduplication;
    if (this.#delivery !== null) this.#delivery.maxWaitingBytes = memory.waiting;
  }

  get name(): string {
    return this.config.name;
  }

  /** Base URL of the vendor's server; `null` for a file. */
  get vendorUrl(): string | null {
    return this.#opened.source.dialect?.defaultBaseUrl("") ?? null;
  }

  /** The answers that are served; `null` before the first configuration. */
  get answers(): AnswerSet | null {
    return this.#answers;
  }

  /** Counts of the exposures of all environments of this name, by logger. */
  get exposures(): readonly ExposureCounts[] {
    return this.#book.exposures.counts();
  }

  /** Whether to accept a request with exposures, as in {@link ExposureDelivery.admits}. */
  admits(kind: "evaluation" | "report"): boolean {
    return this.#delivery?.admits(kind) ?? true;
  }

  /** `null` before {@link start}, and if the environment does not evaluate flags. */
  get evaluation(): Evaluation | null {
    return this.#evaluation;
  }

  /** Use of flags by remote evaluation since {@link start}; `null` if the environment does not evaluate flags. */
  get uses(): ReadonlyMap<string, FlagUse> | null {
    return this.#use?.flags() ?? null;
  }

  /** Whether the vendor has not confirmed the configuration for too long. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** Whether the environment evaluates flags, and has received a configuration with hashed flag keys. */
  get hasHashedKeys(): boolean {
    return this.#hasHashedKeys;
  }

  /** The configuration that the answers were created from; `null` before the first one. */
  get configuration(): Configuration | null {
    return this.#configuration;
  }

  /** State of the client; `null` before {@link start}. */
  get status(): ClientStatus | null {
    return this.#client?.status ?? null;
  }

  /** Attempts of this process to fetch a configuration. With Redis, one process fetches for all. */
  get attempts(): Attempts {
    const { attempts, fleet } = this.#opened;
    if (fleet === null) return attempts;
    const { error, ok, unchanged } = fleet.status.counters.polls;
    return { succeeded: ok + unchanged, failed: error };
  }

  /** State of the fleet; `null` without Redis. */
  get fleetStatus(): Fleet["status"] | null {
    return this.#opened.fleet?.status ?? null;
  }

  /** Time since the vendor confirmed the served configuration, to half a second; `null` if it is unknown. */
  get ageMs(): number | null {
    const nowMs = this.#clock.monotonicMs();
    if (this.#age === null || nowMs - this.#age.atMs > AGE_PRECISION_MS) {
      this.#age = { atMs: nowMs, ageMs: this.status?.ageMs ?? null };
    }
    return this.#age.ageMs;
  }

  /** Returns whether exposures are logged. If not, warns once. Called when a page reports an exposure. */
  checkLoggers(): boolean {
    if (this.config.loggers.length > 0) return true;
    if (!this.#hasReportedNoLogger) {
      this.#hasReportedNoLogger = true;
      const reason = `the environment "${this.config.name}" has no loggers: add some, or remove the scope "exposures" from its tokens`;
      this.#diagnostics.warn("exposures are not logged", { reason });
    }
    return false;
  }

  /** Starts to fetch configurations. */
  start(): void {
    void removeOldHistory(this.config);
    const { dialect, fleet, source } = this.#opened;
    const [clock, diagnostics] = [this.#clock, this.#diagnostics];
    this.#book.hasWebhooks ||= this.config.webhookSecret !== null;
    this.#endAttempts = this.#book.addAttempts(() => this.attempts);
    this.#use = this.config.evaluate ? lastUse({ clock }) : null;
    const client = createClient<object>({
      onEvaluation: this.#use?.observe,
      dialect,
      source,
      diagnostics,
      clock,
      assignmentLogger: null,
      deduplication: { assignments: this.#logged, bandits: false },
    });
    this.#client = client;
    this.#refreshes = new Refreshes(clock, () => this.refresh());
    const shared = fleet === null ? null : new SharedLoggers(fleet, this.#memory.waiting, clock);
    const { exposures } = this.#book;
    const namespace = this.config.redis?.namespace;
    this.#delivery = new ExposureDelivery({ client, diagnostics, exposures, namespace, shared });
    if (this.config.evaluate) {
      this.#evaluation = { logged: client, quiet: withOwnSettings(client, null) };
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
      this.#age = null;
      if (!this.#hasHashedKeys && this.config.evaluate && hasHashedKeys(configuration)) {
        this.#hasHashedKeys = true;
        diagnostics.warn("flags cannot be listed", { reason: HASHED_KEYS });
      }
      const answers = answersOf(configuration, this.#answers);
      this.#answers = answers;
      this.#configuration = configuration;
      for (const listener of this.#listeners) listener(answers);
    });
  }

  /** Calls a listener synchronously after each change. The returned function removes it. */
  onChange(listener: (answers: AnswerSet) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Waits for the first configuration, or until it is clear that none will be received soon. Never rejects. */
  async waitUntilReady(): Promise<boolean> {
    await this.#client?.waitForInitialization();
    return this.#answers !== null;
  }

  /** Waits up to `timeoutMs` until this revision is served. */
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

  /** Fetches the configuration now. Never rejects. */
  async refresh(): Promise<void> {
    await this.#client?.refresh({ holdsProcess: false });
  }

  /**
   * Fetches the configuration because the vendor reported a change: now, or one second after the last such request.
   */
  requestRefresh(): void {
    this.#refreshes?.request();
  }

  /**
   * Delivers what Redis has for loggers that nobody would deliver to any more, because a reload has changed their names, or
   * where Redis is. Stops requests to the vendor meanwhile. Call it when the environment is no longer served.
   *
   * @param all - the environments that are served now. If this one was renamed, another one of them delivers its exposures.
   * @param signal - gives up when it is aborted.
   */
  async drain(all: readonly Environment[], signal: AbortSignal): Promise<void> {
    const next = all.filter(({ config }) => isDeepStrictEqual(config.redis, this.config.redis));
    const isKept = (name: string) => next.some((it) => it.#book.exposures.has(name));
    await this.#delivery?.drain(isKept, signal);
  }

  /**
   * Stops requests to the vendor, disconnects from Redis, and passes all exposures to the loggers, which stay open. The
   * configuration is still served.
   *
   * @param timeoutMs - time limit for exposures that wait for Redis.
   */
  async close(timeoutMs: number): Promise<void> {
    this.#refreshes?.end();
    await this.#delivery?.close(timeoutMs);
    await this.growthbookEvaluator?.close();
    await this.#opened.fleet?.close();
    this.#endAttempts();
  }

  #setEvaluator({ growthbookEvaluator }: PreparedChange): void {
    if (this.#growthbookEvaluator !== null) return;
    this.#growthbookEvaluator = growthbookEvaluator;
    const { fleet } = this.#opened;
    if (fleet !== null) growthbookEvaluator?.useFleet(fleet);
  }
}

/** Removes the history of changes that earlier versions kept on disk. Never rejects. */
async function removeOldHistory({ diskCache, name }: EnvironmentConfig): Promise<void> {
  if (diskCache === null) return;
  const folder = join(diskCache.directory, `history-${name}`);
  await rm(folder, { recursive: true, force: true }).catch(() => {});
}
