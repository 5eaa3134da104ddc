import { loadConfiguration } from "../configuration/load.js";
import type {
  ConfigurationSource,
  OfferResult,
  Prepared,
  SourceSink,
  Subscription,
} from "../configuration/source.js";
import { ClosedError } from "../errors/errors.js";
import type { Configuration, PayloadSet } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { Clock } from "../runtime/clock.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import { hostDigest } from "../runtime/digest.js";
import type { AbortSignalLike } from "../runtime/host.js";
import type { Random } from "../runtime/random.js";
import type { ConfigurationStore } from "./configuration-store.js";
import type { Health } from "./health.js";
import { Inspection } from "./inspection.js";
import type { StatusSource } from "./status.js";
import type { StatusTracker } from "./status-tracker.js";

/** What configurations are loaded with, and where they go. */
export interface ConfigurationLoaderOptions {
  readonly store: ConfigurationStore;
  readonly statusTracker: StatusTracker;
  readonly health: Health;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly random: Random;
  readonly diagnostics: Diagnostics;
}

/** Takes configurations in: from a source, from disk, or by hand. */
export class ConfigurationLoader {
  readonly #options: ConfigurationLoaderOptions;
  readonly #inspection: Inspection;
  #subscription: Subscription | null = null;
  /** Whether what is served came by hand, so that its etags say nothing about the origin. */
  #isManual = false;

  constructor(options: ConfigurationLoaderOptions) {
    this.#options = options;
    this.#inspection = new Inspection(options.clock, options.diagnostics);
  }

  /** Serves what this source brings, from now on. */
  subscribe(source: ConfigurationSource): void {
    const { clock, diagnostics, dialect, random, store, statusTracker } = this.#options;
    statusTracker.expectConfigurations();
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

  /** Serves what the client was made with. */
  start(configuration: Configuration): void {
    this.#install(configuration, "initial");
  }

  /** Serves what was set by hand; the next poll replaces it. */
  set(configuration: Configuration): void {
    this.#isManual = true;
    this.#install(configuration, "manual");
  }

  /** Leaves the source, if there is one. */
  end(signal: AbortSignalLike): Promise<void> | undefined {
    this.#inspection.stop();
    return this.#subscription?.end({ signal });
  }

  #createSink(source: ConfigurationSource): SourceSink {
    const { health, statusTracker } = this.#options;
    const prepare = (payloads: PayloadSet): Promise<Prepared> => this.#prepare(payloads, source);
    return {
      prepare,
      offer: async (payloads): Promise<OfferResult> => {
        const prepared = await prepare(payloads);
        if (prepared.outcome !== "changed") return prepared;
        prepared.apply();
        return { outcome: "applied" };
      },
      confirmed: () => this.#confirm(),
      failed: (failure, { inMs }) => statusTracker.fail(failure, inMs),
      scheduled: ({ inMs }) => health.scheduled(inMs),
      idle: () => statusTracker.expectNothing(),
    };
  }

  async #prepare(payloads: PayloadSet, source: ConfigurationSource): Promise<Prepared> {
    const { clock, dialect, health, store } = this.#options;
    if (health.isClosed) return { outcome: "rejected", error: new ClosedError() };
    const former = store.configuration;
    const loaded = await loadConfiguration(dialect, payloads, former, hostDigest, clock);
    if (loaded.outcome === "changed") await store.compareAhead(loaded.configuration, clock);
    if (health.isClosed) return { outcome: "rejected", error: new ClosedError() };
    if (loaded.outcome === "rejected") return loaded;
    if (loaded.outcome === "unchanged") {
      // What they are equal to was replaced in the meantime.
      if (store.configuration !== former) return this.#prepare(payloads, source);
      if (!isFromDisk(payloads)) this.#confirm();
      return { outcome: "unchanged" };
    }
    const { configuration } = loaded;
    if (isFromDisk(payloads)) {
      if (!this.#isBetter(configuration)) return { outcome: "unchanged" };
      return { outcome: "changed", apply: () => this.#installUnconfirmed(configuration) };
    }
    // A part that was kept from a former set says nothing about where this one came from.
    const from = payloads.find((payload) => payload.from !== "disk")?.from ?? "static";
    const apply = (): void => {
      if (health.isClosed) return;
      this.#isManual = false;
      this.#install(configuration, source.kind === "static" ? "static" : from);
    };
    return { outcome: "changed", apply };
  }

  #install(configuration: Configuration, source: StatusSource): void {
    const { statusTracker } = this.#options;
    statusTracker.noteSuccess();
    this.#serve(configuration, source);
    statusTracker.tellSuccess();
  }

  #confirm(): void {
    const { health, statusTracker } = this.#options;
    if (health.isClosed) return;
    this.#isManual = false;
    statusTracker.noteSuccess();
    statusTracker.tellSuccess();
  }

  #installUnconfirmed(configuration: Configuration): void {
    const { health, statusTracker } = this.#options;
    // Asked again, since time has passed: something may have been set by hand.
    if (health.isClosed || !this.#isBetter(configuration)) return;
    statusTracker.noteUnconfirmed();
    this.#serve(configuration, "disk");
    statusTracker.tellUnconfirmed();
  }

  #serve(configuration: Configuration, source: StatusSource): void {
    // Before the swap, whose listeners may set another one or close the client.
    this.#inspection.start(configuration);
    this.#options.store.swap(configuration, source);
  }

  /** Whether a copy from disk is worth serving: what is there may be newer, and counts for more. */
  #isBetter({ publishedAtMs }: Configuration): boolean {
    const { configuration: served, source } = this.#options.store;
    if (served === null) return true;
    if (source !== "initial" || publishedAtMs === null || served.publishedAtMs === null)
      return false;
    return publishedAtMs > served.publishedAtMs;
  }
}

function isFromDisk(payloads: PayloadSet): boolean {
  return payloads.every(({ from }) => from === "disk");
}
