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
  type Dialect,
  type FlagUse,
  type LastUse,
  lastUse,
} from "@sortition/node";
import { checkDiskCache, diskCachedSource } from "@sortition/node/internal";
import { type Token, Tokens } from "../access/tokens.js";
import type { EnvironmentConfig } from "../config/config.js";
import { settleAll } from "../config/reading.js";
import { type AnswerSet, answersOf } from "./answers.js";
import { type Attempts, countedSource } from "./counted-source.js";
import type { EnvironmentBook } from "./environment-book.js";
import type { ExposureLog, LoggerChange } from "./exposure-log.js";
import { type GrowthbookEvaluator, openGrowthbookEvaluator } from "./growthbook-evaluator.js";
import { HASHED_KEYS, hasHashedKeys } from "./hashed-keys.js";
import type { ExposureCounts, LoggerSlot } from "./logger-slot.js";
import type { MemoryShare } from "./memory.js";
import { within, withOptionPath } from "./option-path.js";
import { SharedLoggers } from "./shared-loggers.js";
import { dialectOf, type EnvironmentSource, type Fleet, openSource } from "./sources.js";
import type { WebhookRefusals } from "./webhook-refusals.js";

/** Minimum time between two refreshes by webhooks. */
const REFRESH_PAUSE_MS = 1_000;
/** Short, because the loggers are closed before the client. */
const CLIENT_CLOSE_MS = 500;
/** How long a removed logger may take to receive the exposures that wait for Redis. */
const REMOVED_MS = 4_500;
/** Maximum number of pairs of subject and flag whose exposure is not logged again. */
const MAX_REMEMBERED = 50_000;
/** Precision of ages, which are sent in whole seconds. */
const AGE_PRECISION_MS = 500;

/** Members of the configuration that change without a new environment. */
type InPlace =
  | ("isDefault" | "maxStreams" | "origins" | "passThrough" | "path" | "webhookSecret")
  | ("loggers" | "tokens");

const IN_PLACE: readonly InPlace[] = [
  ...(["isDefault", "maxStreams", "origins", "passThrough", "path", "webhookSecret"] as const),
  ...(["loggers", "tokens"] as const),
];

/** Returns the members of a configuration that only a new environment can change. */
export function fixedMembers(config: EnvironmentConfig): Omit<EnvironmentConfig, InPlace> {
  const others = Object.entries(config).filter(([name]) => !IN_PLACE.some((it) => it === name));
  return Object.fromEntries(others) as unknown as Omit<EnvironmentConfig, InPlace>; // the others are left
}

/** The parts of an environment. */
type Parts = EnvironmentSource & {
  readonly dialect: Dialect;
  readonly attempts: Attempts;
  readonly diagnostics: Diagnostics;
};

/** What a change in place needs, opened and checked. */
export interface PreparedChange {
  readonly loggers: LoggerChange;
  readonly growthbookEvaluator: GrowthbookEvaluator | null;
}

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
  readonly #parts: Parts;
  readonly #listeners = new Set<(answers: AnswerSet) => void>();
  readonly #clock: Clock;
  readonly #book: EnvironmentBook;
  readonly #exposures: ExposureLog;
  /** The exposures that were logged. */
  readonly #logged: Deduplicator;
  readonly #prepared: PreparedChange;
  #memory: MemoryShare;
  #config: EnvironmentConfig;
  #client: Client<object> | null = null;
  #evaluation: Evaluation | null = null;
  #use: LastUse | null = null;
  #growthbookEvaluator: GrowthbookEvaluator | null = null;
  #shared: SharedLoggers | null = null;
  #isStale = false;
  #hasHashedKeys = false;
  #hasReportedNoLogger = false;
  #answers: AnswerSet | null = null;
  #configuration: Configuration | null = null;
  #age: { readonly atMs: number; readonly ageMs: number | null } | null = null;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #cancelRefresh: (() => void) | null = null;
  #isRefreshing = false;
  #endAttempts = (): void => {};
  /** Whether the vendor reported a change while the response to an earlier request was awaited. */
  #isOutdated = false;
  readonly #ending = new AbortController();

  private constructor(
    config: EnvironmentConfig,
    parts: Parts,
    prepared: PreparedChange,
    { book, clock, memory }: EnvironmentPorts,
  ) {
    this.#book = book;
    this.#clock = clock;
    this.#config = config;
    this.#exposures = book.exposures;
    this.#memory = memory;
    const maxBytes = memory.deduplication;
    this.#logged = new Deduplicator({ max: MAX_REMEMBERED, maxBytes }, clock);
    this.#parts = parts;
    this.#prepared = prepared;
    this.tokens = new Tokens(config.tokens, parts.keys);
    this.webhooks = book.webhooks;
  }

  /**
   * Creates an environment. Nothing is requested before {@link start}.
   *
   * Rejects with an OptionError that names the path of the unknown or invalid option.
   */
  static async open(config: EnvironmentConfig, ports: EnvironmentPorts): Promise<Environment> {
    const { book, diagnostics } = ports;
    const parts: Partial<Parts> = { diagnostics };
    let prepared: PreparedChange | undefined;
    try {
      await settleAll([
        async () => Object.assign(parts, { dialect: dialectOf(config) }),
        async () => Object.assign(parts, await openCountedSource(config, diagnostics)),
        async () => {
          prepared = await prepareChange(config, book.exposures);
        },
      ]);
    } catch (error) {
      await prepared?.loggers.discard();
      throw error;
    }
    // None of the tasks has failed.
    return new Environment(config, parts as Parts, prepared as unknown as PreparedChange, ports);
  }

  get config(): EnvironmentConfig {
    return this.#config;
  }

  /** What {@link open} has prepared. */
  get prepared(): PreparedChange {
    return this.#prepared;
  }

  /**
   * Checks and opens what another configuration needs.
   *
   * Rejects with an OptionError that names the path of the unknown or invalid option. Nothing is changed in that case.
   */
  async prepare(config: EnvironmentConfig): Promise<PreparedChange> {
    return await prepareChange(config, this.#exposures);
  }

  /**
   * Takes the members from another configuration that change in place.
   *
   * @returns the tokens that were removed or changed.
   */
  adopt(config: EnvironmentConfig, prepared: PreparedChange): ReadonlySet<Token> {
    this.#config = { ...config, ...fixedMembers(this.#config) };
    this.#book.hasWebhooks ||= config.webhookSecret !== null;
    this.#setLoggers(prepared, async (removed) => {
      await this.#client?.flush({ timeoutMs: CLIENT_CLOSE_MS });
      const unused = await this.#drain(removed, this.#ending.signal);
      await this.#shared?.close(REMOVED_MS, unused);
    });
    return this.tokens.replace(config.tokens);
  }

  /** Resolves when replaced and removed loggers are closed. */
  async loggersSettled(): Promise<void> {
    await this.#exposures.settled();
  }

  /**
   * Logs exposures from now on. Called once, when this environment is served.
   *
   * @param former - resolves when the environment that this one replaces has ended.
   */
  serve(former: Promise<void> = Promise.resolve()): void {
    this.#setLoggers(this.#prepared, () => former);
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
    if (this.#shared !== null) this.#shared.maxBytes = memory.waiting;
  }

  get name(): string {
    return this.config.name;
  }

  /** Base URL of the vendor's server; `null` for a file. */
  get vendorUrl(): string | null {
    return this.#parts.source.dialect?.defaultBaseUrl("") ?? null;
  }

  /** The answers that are served; `null` before the first configuration. */
  get answers(): AnswerSet | null {
    return this.#answers;
  }

  /** Counts of the exposures of all environments of this name, by logger. */
  get exposures(): readonly ExposureCounts[] {
    return this.#exposures.counts();
  }

  /**
   * Whether to accept a request with exposures. Counts refusals.
   *
   * @param kind - evaluations go on while a file cannot be written. Pages can report exposures again later, unless Redis
   *   keeps them for the file.
   */
  admits(kind: "evaluation" | "report"): boolean {
    const isAdmitted =
      this.#shared === null
        ? kind === "evaluation" || this.#exposures.admitsReport()
        : this.#shared.hasRoom;
    if (!isAdmitted) this.#exposures.refused += 1;
    return isAdmitted;
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
    const { attempts, fleet } = this.#parts;
    if (fleet === null) return attempts;
    const { error, ok, unchanged } = fleet.status.counters.polls;
    return { succeeded: ok + unchanged, failed: error };
  }

  /** State of the fleet; `null` without Redis. */
  get fleetStatus(): Fleet["status"] | null {
    return this.#parts.fleet?.status ?? null;
  }

  /** Time since the vendor confirmed the served configuration, to half a second; `null` if it is unknown. */
  get ageMs(): number | null {
    const nowMs = this.#clock.monotonicMs();
    if (this.#age === null || nowMs - this.#age.atMs > AGE_PRECISION_MS) {
      this.#age = { atMs: nowMs, ageMs: this.status?.ageMs ?? null };
    }
    return this.#age.ageMs;
  }

  /** Time until the next attempt to fetch a configuration; `null` if it is unknown. */
  get nextAttemptInMs(): number | null {
    return this.status?.nextAttemptInMs ?? null;
  }

  /** Returns whether exposures are logged. If not, warns once. Called when a page reports an exposure. */
  checkLoggers(): boolean {
    if (this.config.loggers.length > 0) return true;
    if (!this.#hasReportedNoLogger) {
      this.#hasReportedNoLogger = true;
      const reason = `the environment "${this.config.name}" has no loggers: add some, or remove the scope "exposures" from its tokens`;
      this.#parts.diagnostics.warn("exposures are not logged", { reason });
    }
    return false;
  }

  /** Starts to fetch configurations. */
  start(): void {
    void removeOldHistory(this.config);
    const { diagnostics, dialect, fleet, source } = this.#parts;
    this.#book.hasWebhooks ||= this.config.webhookSecret !== null;
    this.#endAttempts = this.#book.addAttempts(() => this.attempts);
    this.#shared =
      fleet === null ? null : new SharedLoggers(fleet, this.#memory.waiting, this.#clock);
    this.#use = this.config.evaluate ? lastUse({ clock: this.#clock }) : null;
    const client = createClient<object>({
      onEvaluation: this.#use?.observe,
      dialect,
      source,
      diagnostics,
      clock: this.#clock,
      assignmentLogger: null,
      deduplication: { assignments: this.#logged, bandits: false },
    });
    this.#client = client;
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

  /**
   * Fetches the configuration because the vendor reported a change: now, or one second after the last such request.
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
   * Delivers what Redis has for loggers that nobody would deliver to any more, because a reload has changed their names, or
   * where Redis is. Stops requests to the vendor meanwhile. Call it when the environment is no longer served.
   *
   * @param next - replaces this environment; `null`: none.
   * @param signal - gives up when it is aborted.
   */
  async drain(next: Environment | null, signal: AbortSignal): Promise<void> {
    const isSamePlace = next !== null && isDeepStrictEqual(next.config.redis, this.config.redis);
    const left = this.#shared?.slots.filter(
      ({ name }) => !isSamePlace || !this.#exposures.has(name),
    );
    if (left === undefined || left.length === 0) return;
    await this.#client?.flush({ timeoutMs: CLIENT_CLOSE_MS });
    this.#client?.setAssignmentLogger(null);
    await this.#client?.close({ timeoutMs: CLIENT_CLOSE_MS });
    await this.#drain(left, signal);
  }

  /**
   * Stops requests to the vendor, disconnects from Redis, and passes all exposures to the loggers, which stay open. The
   * configuration is still served.
   *
   * @param timeoutMs - time limit for exposures that wait for Redis.
   */
  async close(timeoutMs: number): Promise<void> {
    this.#cancelRefresh?.();
    this.#ending.abort();
    // First, because without Redis the client's flush would use up the whole time.
    await this.#shared?.close(timeoutMs);
    await this.#client?.close({ timeoutMs: CLIENT_CLOSE_MS });
    await this.growthbookEvaluator?.close();
    await this.#parts.fleet?.close();
    this.#endAttempts();
  }

  /** Resolves to the slots that nothing is logged to still. */
  async #drain(slots: readonly LoggerSlot[], signal: AbortSignal): Promise<readonly LoggerSlot[]> {
    const drained = (await this.#shared?.drain(slots, signal)) ?? new Map<LoggerSlot, number>();
    for (const [{ name }, count] of drained) {
      const facts = { namespace: this.config.redis?.namespace, logger: name, count };
      if (count > 0)
        this.#parts.diagnostics.warn("exposures of a former logger stay in Redis", facts);
    }
    return [...drained.keys()];
  }

  #setLoggers(
    { growthbookEvaluator, loggers }: PreparedChange,
    drain: Parameters<LoggerChange["apply"]>[0],
  ): void {
    const slots: readonly LoggerSlot[] = loggers.apply(drain);
    const used = this.#shared?.use(slots) ?? slots;
    this.#client?.setAssignmentLogger(used.length === 0 ? null : used);
    if (this.#growthbookEvaluator !== null) return;
    this.#growthbookEvaluator = growthbookEvaluator;
    const { fleet } = this.#parts;
    if (fleet !== null) growthbookEvaluator?.useFleet(fleet);
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
}

async function prepareChange(
  config: EnvironmentConfig,
  exposures: ExposureLog,
): Promise<PreparedChange> {
  let loggers: LoggerChange | undefined;
  let growthbookEvaluator: GrowthbookEvaluator | null = null;
  try {
    await settleAll([
      async () => {
        loggers = await exposures.prepare(config.loggers);
      },
      async () => {
        growthbookEvaluator = await openGrowthbookEvaluator(config);
      },
    ]);
  } catch (error) {
    await loggers?.discard();
    throw error;
  }
  return { loggers: loggers as unknown as LoggerChange, growthbookEvaluator }; // no task has failed
}

/** Removes the history of changes that earlier versions kept on disk. Never rejects. */
async function removeOldHistory({ diskCache, name }: EnvironmentConfig): Promise<void> {
  if (diskCache === null) return;
  const folder = join(diskCache.directory, `history-${name}`);
  await rm(folder, { recursive: true, force: true }).catch(() => {});
}

/** Opens the source of an environment with its disk cache, and counts its attempts. */
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
        (it) => checkDiskCache(it as unknown as typeof diskCache), // checks whatever the file contains
      );
    },
  ]);
  const opened = parts as unknown as EnvironmentSource; // none of the tasks has failed
  const { source } = opened;
  const kept = diskCache === null ? source : diskCachedSource(source, diskCache);
  return { ...opened, ...countedSource(kept) };
}
