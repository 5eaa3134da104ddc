import {
  type Client,
  type ClientStatus,
  type Clock,
  createClient,
  type Diagnostics,
} from "@sortition/node";
import { diskCachedSource } from "@sortition/node/kit";
import { Tokens } from "../access/tokens.js";
import type { EnvironmentConfig } from "../config/config.js";
import { type AnswerSet, answersOf } from "./answers.js";
import { type Attempts, countedSource } from "./counted-source.js";
import { withOptionPath } from "./option-path.js";
import { type EnvironmentSource, openSource } from "./sources.js";

/** The shortest time between two refreshes that a webhook asks for. */
const REFRESH_PAUSE_MS = 1_000;
/** Ages are sent in seconds. */
const AGE_PRECISION_MS = 500;

/** What an environment is made of. */
type Parts = EnvironmentSource & { readonly attempts: Attempts };

/** One environment of one vendor: a client without a logger, and the answers made of its configuration. */
export class Environment {
  readonly config: EnvironmentConfig;
  readonly tokens: Tokens;
  readonly #parts: Parts;
  readonly #listeners = new Set<(answers: AnswerSet) => void>();
  readonly #clock: Clock;
  #client: Client<object> | null = null;
  #answers: AnswerSet | null = null;
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
  static async open(config: EnvironmentConfig, clock: Clock): Promise<Environment> {
    const parts = await openSource(config);
    const { diskCache } = config;
    const kept =
      diskCache === null
        ? parts.source
        : withOptionPath(`${config.path}.diskCache`, () =>
            diskCachedSource(parts.source, diskCache),
          );
    return new Environment(config, { ...parts, ...countedSource(kept) }, clock);
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
  start(diagnostics: Diagnostics): void {
    const { dialect, source } = this.#parts;
    const client = createClient<object>({ dialect, source, diagnostics, clock: this.#clock });
    this.#client = client;
    client.on("configuration-changed", () => {
      const configuration = client.getConfiguration();
      if (configuration === null) return;
      const answers = answersOf(configuration, this.#answers);
      this.#answers = answers;
      this.#age = null;
      for (const listener of this.#listeners) listener(answers);
    });
  }

  /** Calls a listener after each swap, in the same turn; the returned function removes it. */
  onChange(listener: (answers: AnswerSet) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Waits for the first configuration, or until none can be expected soon. Never rejects. */
  async waitUntilReady(): Promise<boolean> {
    await this.#client?.waitForInitialization();
    return this.#answers !== null;
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
    await this.#parts.fleet?.close();
  }
}
