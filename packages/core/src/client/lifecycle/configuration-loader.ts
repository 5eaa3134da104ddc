import { loadConfiguration, loadError } from "../../configuration/load.js";
import type {
  ConfigurationSource,
  OfferResult,
  PreparedUpdate,
  SourceSink,
  Subscription,
} from "../../configuration/source.js";
import { ClosedError, type SortitionError } from "../../errors/errors.js";
import type { Configuration, PayloadSet } from "../../model/configuration.js";
import type { Dialect } from "../../model/dialect.js";
import { hostDigest } from "../../runtime/digest.js";
import type { AbortSignalLike } from "../../runtime/host.js";
import { momentAgo, msSince } from "../../runtime/moment.js";
import type { Random } from "../../runtime/random.js";
import { inspectWhenIdle } from "./inspection.js";
import type { StatusSource } from "./status.js";
import type { StatusTracker, StatusTrackerOptions } from "./status-tracker.js";

export interface ConfigurationLoaderOptions extends StatusTrackerOptions {
  readonly dialect: Dialect;
  readonly random: Random;
}

/** Result of loading payloads. `install` serves their configuration, or returns the error that prevented it. */
type Loaded =
  | { readonly outcome: "changed"; install(ageMs: number | null): SortitionError | null }
  | Exclude<PreparedUpdate, { outcome: "changed" }>;

/** Loads configurations from a source, from disk or from the caller, and installs them in the store. */
export class ConfigurationLoader {
  readonly #options: ConfigurationLoaderOptions;
  readonly #tracker: StatusTracker;
  /** Ends the inspection of the configuration in use. */
  #endInspection: (() => void) | null = null;
  #subscription: Subscription | null = null;
  /** Whether the caller set the configuration, so that its etags are not the origin's. */
  #isManual = false;

  constructor(options: ConfigurationLoaderOptions, tracker: StatusTracker) {
    this.#options = options;
    this.#tracker = tracker;
  }

  /** Serves the configurations of this source from now on. */
  subscribe(source: ConfigurationSource): void {
    const { clock, diagnostics, dialect, random } = this.#options;
    const { store } = this.#tracker;
    this.#tracker.expectConfigurations(() => source.lateHint);
    const context = {
      dialect,
      clock,
      random,
      digest: hostDigest,
      diagnostics,
      current: () => (this.#isManual ? null : (store.configuration?.payloads ?? null)),
    };
    this.#subscription = source.subscribe(this.#createSink(source), context);
  }

  /** Ends the subscription, if there is one, in the same turn of the event loop. Rejects if the source throws. */
  async end(signal: AbortSignalLike): Promise<void> {
    this.#endInspection?.();
    await this.#subscription?.end({ signal });
  }

  #createSink(source: ConfigurationSource): SourceSink {
    const { clock } = this.#options;
    const tracker = this.#tracker;
    const load = (payloads: PayloadSet): Promise<Loaded> => this.#load(payloads, source);
    const report = (error: SortitionError | null): void => {
      if (error === null) return;
      tracker.fail({ kind: "transient", error, retryAfterMs: null }, null);
    };
    return {
      prepare: async (payloads): Promise<PreparedUpdate> => {
        const loaded = await load(payloads);
        if (loaded.outcome !== "changed") return loaded;
        const apply: Extract<PreparedUpdate, { outcome: "changed" }>["apply"] = (age) =>
          report(loaded.install(age?.ageMs ?? (isFromDisk(payloads) ? null : 0)));
        return { outcome: "changed", apply };
      },
      install: (configuration) => {
        if (tracker.isClosed) return;
        report(errorOf(() => this.install(configuration, "static", 0)));
      },
      offer: async (payloads, age): Promise<OfferResult> => {
        const offeredAt = momentAgo(clock);
        const loaded = await load(payloads);
        // The age grows while the payloads are being loaded.
        const ageMs = (age?.ageMs ?? 0) + msSince(offeredAt, clock);
        if (loaded.outcome === "unchanged" && !isFromDisk(payloads)) this.#confirm(ageMs);
        if (loaded.outcome !== "changed") return loaded;
        const isAgeKnown = age?.ageMs !== undefined || !isFromDisk(payloads);
        const error = loaded.install(isAgeKnown ? ageMs : null);
        return error === null ? { outcome: "applied" } : { outcome: "rejected", error };
      },
      confirmed: (age) => this.#confirm(age?.ageMs ?? 0),
      failed: (failure, { inMs }) => tracker.fail(failure, inMs),
      scheduled: ({ inMs }) => tracker.scheduled(inMs),
      idle: () => tracker.expectNothing(),
      paused: (isPaused) => tracker.pause(isPaused),
    };
  }

  /** Never rejects, whatever the dialect throws. */
  async #load(payloads: PayloadSet, source: ConfigurationSource): Promise<Loaded> {
    try {
      return await this.#loadOrThrow(payloads, source);
    } catch (cause) {
      return { outcome: "rejected", error: loadError(cause) };
    }
  }

  async #loadOrThrow(payloads: PayloadSet, source: ConfigurationSource): Promise<Loaded> {
    const { clock, dialect } = this.#options;
    const tracker = this.#tracker;
    const { store } = tracker;
    if (tracker.isClosed) return { outcome: "rejected", error: new ClosedError() };
    const former = store.configuration;
    const loaded = await loadConfiguration(dialect, payloads, former, hostDigest, clock);
    if (loaded.outcome === "changed") await store.compareAhead(loaded.configuration, clock);
    if (tracker.isClosed) return { outcome: "rejected", error: new ClosedError() };
    if (loaded.outcome === "rejected") return loaded;
    if (loaded.outcome === "unchanged") {
      // The configuration with the same bytes was replaced meanwhile.
      if (store.configuration !== former) return this.#loadOrThrow(payloads, source);
      return { outcome: "unchanged" };
    }
    const { configuration } = loaded;
    const isCopy = isFromDisk(payloads);
    if (isCopy && !this.#isBetter(configuration)) return { outcome: "unchanged" };
    // A part that was kept from a previous set does not show where this set came from.
    const from = payloads.find((payload) => payload.from !== "disk")?.from ?? "static";
    const install = (ageMs: number | null): void => {
      if (tracker.isClosed) return;
      if (isCopy) this.#installUnconfirmed(configuration, ageMs);
      else this.install(configuration, source.kind === "static" ? "static" : from, ageMs ?? 0);
    };
    return { outcome: "changed", install: (ageMs) => errorOf(() => install(ageMs)) };
  }

  /**
   * Serves this configuration. The next poll replaces it.
   *
   * @throws any error from the configuration, before anything has changed.
   */
  install(configuration: Configuration, source: StatusSource, ageMs: number): void {
    const swap = this.#planSwap(configuration, source);
    this.#isManual = source === "manual";
    this.#tracker.succeed(ageMs, swap);
  }

  #confirm(ageMs: number): void {
    if (!this.#tracker.isNews(ageMs)) return;
    this.#isManual = false;
    this.#tracker.succeed(ageMs);
  }

  /** @throws any error from the configuration, before anything has changed. */
  #installUnconfirmed(configuration: Configuration, ageMs: number | null): void {
    // Checked again, because the caller may have set a configuration meanwhile.
    if (!this.#isBetter(configuration)) return;
    this.#tracker.serveCopy(ageMs, this.#planSwap(configuration, "disk"));
  }

  /** Prepares to serve this configuration, and to inspect it instead of the previous one. */
  #planSwap(configuration: Configuration, source: StatusSource): () => void {
    const { clock, diagnostics } = this.#options;
    const swap = this.#tracker.store.planSwap(configuration, source);
    return () => {
      this.#endInspection?.();
      // Must come before the swap, whose listeners may set another configuration or close the client.
      this.#endInspection = inspectWhenIdle(configuration, clock, diagnostics);
      swap();
    };
  }

  /** Whether a copy from disk is newer than the current configuration and should replace it. */
  #isBetter({ publishedAtMs }: Configuration): boolean {
    const { configuration: served, source } = this.#tracker.store;
    if (served === null) return true;
    if (source !== "initial" || publishedAtMs === null || served.publishedAtMs === null)
      return false;
    return publishedAtMs > served.publishedAtMs;
  }
}

function errorOf(install: () => void): SortitionError | null {
  try {
    install();
    return null;
  } catch (cause) {
    return loadError(cause);
  }
}

function isFromDisk(payloads: PayloadSet): boolean {
  return payloads.every(({ from }) => from === "disk");
}
