import { OptionError } from "@sortition/core";
import type { TrackingEvent } from "../../events/events.js";
import type { ClientLog } from "../../messages/logging.js";
import type { AnalyticsOptions } from "./config.js";

const LIBRARY = "@amplitude/analytics-node";

/** The members of the library's client that this module uses. */
interface AnalyticsClient {
  init(apiKey: string, options: object): { readonly promise: Promise<unknown> };
  logEvent(event: object): { readonly promise: Promise<unknown> };
  flush(): { readonly promise: Promise<unknown> };
}

/** Uploads events with the vendor's analytics library, which is imported with the first event. */
export class Analytics {
  readonly #apiKey: string;
  readonly #options: AnalyticsOptions;
  readonly #log: ClientLog;
  #client: Promise<AnalyticsClient | null> | null = null;

  /** @throws OptionError if the library is not installed. */
  constructor(option: string, apiKey: string, options: AnalyticsOptions, log: ClientLog) {
    if (!isInstalled()) {
      throw new OptionError(option, `needs a library: npm install ${LIBRARY}`);
    }
    this.#apiKey = apiKey;
    this.#options = options;
    this.#log = log;
  }

  /** Passes an event to the library. Events wait until the library is loaded. Never throws. */
  log(event: TrackingEvent, time: number): void {
    this.#client ??= this.#open();
    void this.#client.then((client) => client?.logEvent({ time, ...event })).catch(() => {});
  }

  /** Resolves when the library's events were delivered or have failed. Never rejects. */
  async flush(): Promise<void> {
    try {
      await (await this.#client)?.flush().promise;
    } catch {
      this.#log.error("[Experiment] events could not be uploaded");
    }
  }

  async #open(): Promise<AnalyticsClient | null> {
    try {
      const { createInstance } = await import("@amplitude/analytics-node");
      const client = createInstance() as unknown as AnalyticsClient; // its options are passed on unchecked
      // A flush before the client is initialized would lose the events.
      await client.init(this.#apiKey, { ...this.#options }).promise;
      return client;
    } catch (error) {
      this.#log.error(
        "[Experiment] no events are uploaded because the library cannot be loaded",
        error,
      );
      return null;
    }
  }
}

function isInstalled(): boolean {
  try {
    // A CommonJS module has a file name instead of a URL.
    const here = typeof __filename === "string" ? __filename : import.meta.url;
    process.getBuiltinModule("node:module").createRequire(here).resolve(LIBRARY);
    return true;
  } catch {
    return false;
  }
}
