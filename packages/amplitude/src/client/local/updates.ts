import { type Client, createClient } from "@sortition/core";
import type { Clock, ConfigurationSource, Diagnostics, Dialect } from "@sortition/core/internal";
import {
  type AmplitudeConfiguration,
  isAmplitudeConfiguration,
} from "../../dialect/configuration.js";
import type { FlagFeed } from "./flag-feed.js";
import type { LoadedParts } from "./received-flags-source.js";

export interface UpdatesParts {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** Time within which a source without a feed has to deliver its first flags. */
  readonly startTimeoutMs: number;
  /** `null` if the source delivers on its own. */
  readonly feed: FlagFeed | null;
  /** @param loaded - for a source with a feed, which knows what its client has loaded. */
  createSource(loaded: (what: LoadedParts) => void): ConfigurationSource;
  /**
   * Settles when each cohort that flags refer to is loaded or has finally failed. If absent, loaded
   * flags are enough.
   */
  settled?(): Promise<void>;
  /** Serves the changed parts of a configuration. */
  serve(configuration: AmplitudeConfiguration, what: LoadedParts): void;
}

/** Maximum time for ending a subscription. */
const CLOSE_MS = 500;

/** Keeps flags up to date, with one client of core from each start until the next stop. */
export class Updates {
  readonly #parts: UpdatesParts;
  #client: Client | null = null;
  #isRunning = false;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
  }

  /** Age of the flags, or `null` before the first ones. */
  get ageMs(): number | null {
    return this.#client?.status.ageMs ?? null;
  }

  /** Settles when the first flags are loaded. Rejects if a feed cannot fetch them. */
  async start(): Promise<void> {
    const { feed, startTimeoutMs: timeoutMs } = this.#parts;
    const client = (this.#isRunning ? this.#client : null) ?? this.#createClient();
    if (feed === null) await client.waitForInitialization({ timeoutMs });
    else await feed.start();
  }

  /** Settles when everything else that a start waits for, such as cohorts, is loaded. */
  async settled(): Promise<void> {
    await this.#parts.settled?.();
  }

  /** Also ends requests in progress. */
  stop(): void {
    this.#isRunning = false;
    this.#parts.feed?.stop();
    void this.#client?.close({ timeoutMs: CLOSE_MS }).catch(() => {});
    // Released because instances of `initializeLocal` live as long as the process.
    this.#client = null;
  }

  #serve(what: LoadedParts): void {
    const configuration = this.#client?.getConfiguration() ?? null;
    if (configuration !== null && isAmplitudeConfiguration(configuration)) {
      this.#parts.serve(configuration, what);
    }
  }

  #createClient(): Client {
    const { clock, createSource, diagnostics, dialect, feed } = this.#parts;
    const source = createSource((what) => this.#serve(what));
    const client = createClient({ dialect, source, clock, diagnostics });
    if (feed === null) client.on("configuration-changed", () => this.#serve("flags"));
    this.#client = client;
    this.#isRunning = true;
    return client;
  }
}
