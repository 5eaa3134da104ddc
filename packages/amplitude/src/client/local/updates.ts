import { type Client, createClient } from "@sortition/core";
import type { Clock, ConfigurationSource, Diagnostics, Dialect } from "@sortition/core/internal";
import {
  type AmplitudeConfiguration,
  isAmplitudeConfiguration,
} from "../../dialect/configuration.js";
import type { LoadedParts } from "./received-flags-source.js";

/** Fetches flags for the source of {@link Updates}. */
export interface Feed {
  /**
   * Settles when the first flags are there, or could not be fetched. Further ones follow until {@link stop}. While there
   * are none, it joins the try that is under way, or begins one; after that it does nothing.
   */
  start(): Promise<void>;
  /** Ends requests in progress, too. Does nothing while it is not running. */
  stop(): void;
}

export interface UpdatesParts {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** Time that a source without a feed has for its first flags. */
  readonly startTimeoutMs: number;
  /** `null`: the source delivers by itself. */
  readonly feed: Feed | null;
  /** @param loaded - for a source with a feed, which knows what its client has loaded. */
  createSource(loaded: (what: LoadedParts) => void): ConfigurationSource;
  /** Settles when each cohort that flags refer to has arrived or finally failed. Absent: when the flags are there. */
  settled?(): Promise<void>;
  /** Serves what has changed of a configuration. */
  serve(configuration: AmplitudeConfiguration, what: LoadedParts): void;
}

/** Time that the end of a subscription may take. */
const CLOSE_MS = 500;

/** Keeps flags up to date, by one client of core from each start to the next stop. */
export class Updates {
  readonly #parts: UpdatesParts;
  #client: Client | null = null;
  #isRunning = false;

  constructor(parts: UpdatesParts) {
    this.#parts = parts;
  }

  /** Age of the flags; `null` before the first ones. */
  get ageMs(): number | null {
    return this.#client?.status.ageMs ?? null;
  }

  /** Settles when the first flags are there; rejects if a feed cannot fetch them. */
  async start(): Promise<void> {
    const { feed, startTimeoutMs: timeoutMs } = this.#parts;
    const client = (this.#isRunning ? this.#client : null) ?? this.#createClient();
    if (feed === null) await client.waitForInitialization({ timeoutMs });
    else await feed.start();
  }

  /** Settles when everything that a start waits for besides the first flags has arrived, such as cohorts. */
  async settled(): Promise<void> {
    await this.#parts.settled?.();
  }

  /** Ends requests in progress, too. */
  stop(): void {
    this.#isRunning = false;
    this.#parts.feed?.stop();
    void this.#client?.close({ timeoutMs: CLOSE_MS }).catch(() => {});
    // Instances of `initializeLocal` live as long as the process.
    this.#client = null;
  }

  /** Serves the configuration that the client has loaded. */
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
