import { type Client, createClient } from "@sortition/core/client";
import {
  type Clock,
  type ConfigurationOrigin,
  type ConfigurationSource,
  type Dialect,
  requireMethods,
} from "@sortition/core/source";
import { pollingSource } from "@sortition/node/source";
import { isAmplitude } from "../../dialect/configuration.js";
import { diagnosticsTo, type FacadeLog } from "../logging.js";
import type { UpdateSink, Updates } from "./updates.js";

/** What {@link SourceUpdates} works with. */
export interface SourceParts {
  readonly source: ConfigurationSource | ConfigurationOrigin;
  readonly dialect: Dialect;
  readonly intervalMs: number;
  readonly startTimeoutMs: number;
  readonly clock: Clock;
  readonly log: FacadeLog;
  readonly sink: UpdateSink;
}

/** Time that the end of a subscription may take. */
const CLOSE_MS = 500;

/** Receives flags and cohorts from a source, such as a fleet. */
export class SourceUpdates implements Updates {
  readonly #parts: SourceParts;
  #client: Client | null = null;

  /** @throws OptionError if the source is none. */
  constructor(parts: SourceParts) {
    const { source } = parts;
    requireMethods("source", source, "fetchOnce" in Object(source) ? [] : ["subscribe", "refresh"]);
    this.#parts = parts;
  }

  get ageMs(): number | null {
    return this.#client?.status.ageMs ?? null;
  }

  async start(): Promise<void> {
    this.#client ??= this.#createClient();
    await this.#client.waitForInitialization({ timeoutMs: this.#parts.startTimeoutMs });
    this.#serve(this.#client);
  }

  stop(): void {
    void this.#client?.close({ timeoutMs: CLOSE_MS }).catch(() => {});
    this.#client = null;
  }

  #createClient(): Client {
    const { clock, dialect, intervalMs, log, source } = this.#parts;
    const client = createClient({
      dialect,
      source:
        "fetchOnce" in source ? pollingSource(source, { pollIntervalMs: intervalMs }) : source,
      clock,
      diagnostics: diagnosticsTo(log),
    });
    client.on("configuration-changed", () => this.#serve(client));
    return client;
  }

  #serve(client: Client): void {
    const configuration = client.getConfiguration();
    if (configuration !== null && isAmplitude(configuration) && this.#client === client) {
      this.#parts.sink.serve(configuration);
    }
  }
}
