import type { JsonObject } from "@sortition/core/dialect";
import type {
  Clock,
  ConfigurationSource,
  Payload,
  PayloadSet,
  RefreshOutcome,
  SourceSink,
  Subscription,
} from "@sortition/core/internal";
import { Pacer } from "@sortition/node/internal";
import { intervalPace } from "../../source/pace.js";
import { referredCohorts } from "../../source/referred-cohorts.js";
import type { CohortDownloads } from "./cohort-downloads.js";
import { servableFlags } from "./servable-flags.js";

export interface ReceivedFlagsParts {
  readonly clock: Clock;
  /** `null` if cohorts are not downloaded. */
  readonly cohorts: CohortDownloads | null;
  /**
   * Interval between requests for all cohorts. Missing cohorts are also requested with each update
   * of the flags.
   */
  readonly cohortIntervalMs: number;
  /** Returns the flags that are currently evaluated. */
  evaluated(): readonly JsonObject[];
  /**
   * Returns the ids of the cohorts that these flags refer to, including flags written by the
   * caller.
   */
  evaluatedCohortIds(): readonly string[];
}

/**
 * `flags`: flags and cohorts. `some-flags`: the same without the flags whose cohorts are loading.
 * `cohorts`: only cohorts.
 */
export type LoadedParts = "flags" | "some-flags" | "cohorts";

interface Received {
  readonly flags: Payload;
  readonly cohortIds: readonly string[];
}

/**
 * Source of the flags that a `FlagFeed` has received. It downloads the cohorts that the flags refer
 * to, and offers both to its client. A flag whose cohort is loading is offered when the cohort is
 * loaded or has failed. All other flags are offered immediately.
 */
export class ReceivedFlagsSource implements ConfigurationSource {
  readonly kind = "polling";
  readonly intervalMs = null;
  readonly dialect = null;
  readonly #parts: ReceivedFlagsParts;
  /** Requests known cohorts at intervals, because they may change while the flags do not. */
  readonly #pacer: Pacer;
  #received: Received | null = null;
  #sink: SourceSink | null = null;
  /** The payloads that the client has, or `null` if none. */
  #offered: PayloadSet | null = null;
  #offering: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  #loaded = (_: LoadedParts): void => {};

  constructor(parts: ReceivedFlagsParts) {
    const { clock, cohortIntervalMs } = parts;
    this.#parts = parts;
    this.#pacer = new Pacer(() => intervalPace(cohortIntervalMs), {
      clock,
      random: Math.random,
      isLoaded: () => this.isLoaded,
      attempt: async () => {
        this.#refresh(this.#parts.evaluatedCohortIds(), true);
        return null;
      },
    });
  }

  /** The last flags that were received and usable. */
  get flags(): Payload | null {
    return this.#received?.flags ?? null;
  }

  get isLoaded(): boolean {
    return this.#offered !== null;
  }

  /** Sets the callback for when the client has loaded received flags or cohorts. */
  whenLoaded(loaded: (what: LoadedParts) => void): this {
    this.#loaded = loaded;
    return this;
  }

  subscribe(sink: SourceSink): Subscription {
    this.#sink = sink;
    sink.idle();
    return { end: async () => this.#end() };
  }

  /** Does nothing, because flags are only received through {@link receive}. */
  async refresh(): Promise<RefreshOutcome> {
    return { outcome: "unchanged" };
  }

  /**
   * Settles when each cohort of the flags is loaded or has finally failed, and has been offered.
   */
  async settled(): Promise<void> {
    await this.#parts.cohorts?.settled(this.#received?.cohortIds ?? []);
    await this.#offering;
  }

  /**
   * Offers flags. Settles without waiting for their cohorts.
   *
   * @throws DecodeError if they are unusable as a whole.
   */
  async receive(flags: Payload): Promise<void> {
    const sink = this.#sink;
    const { clock, cohorts } = this.#parts;
    const cohortIds = cohorts === null ? [] : await referredCohorts(flags.bytes, clock);
    if (sink !== this.#sink) return;
    const received = { flags, cohortIds };
    const former = this.#received;
    const { isLoaded } = this;
    this.#received = received;
    this.#refresh(cohortIds);
    try {
      await this.#offer();
    } catch (error) {
      if (this.#received === received) this.#received = former;
      throw error;
    }
    if (sink !== this.#sink || isLoaded || cohorts === null) return;
    this.#pacer.start("later");
  }

  /** Ends downloads. Loaded cohorts are kept. */
  #end(): void {
    this.#sink = null;
    this.#offered = null;
    this.#pacer.stop();
    this.#parts.cohorts?.stop();
  }

  #refresh(cohortIds: readonly string[], all = false): void {
    this.#parts.cohorts?.refresh(cohortIds, all, () => {
      this.#offer().catch(() => {}); // the flags were offered before
    });
  }

  /**
   * Offers the current flags and cohorts. Calls that wait for the previous offer share one
   * configuration.
   */
  #offer(): Promise<void> {
    this.#next ??= this.#offering.then(() => {
      this.#next = null;
      return this.#offerNow();
    });
    const offering = this.#next;
    this.#offering = offering.catch(() => {});
    return offering;
  }

  async #offerNow(): Promise<void> {
    const sink = this.#sink;
    if (this.#received === null || sink === null) return;
    const { flags } = this.#received;
    const payloads = await this.#servable(this.#received);
    const result = await sink.offer(payloads);
    if (result.outcome === "rejected") throw result.error;
    if (sink !== this.#sink) return;
    const offered = this.#offered ?? [];
    this.#offered = payloads;
    const [servable, ...cohorts] = payloads;
    // Receiving flags discards what the caller wrote to the client's cache, even if the flags are equal. Receiving cohorts
    // does not.
    if (servable !== offered[0]) this.#loaded(servable === flags ? "flags" : "some-flags");
    else if (cohorts.some((it) => !offered.includes(it))) this.#loaded("cohorts");
  }

  async #servable({ cohortIds, flags }: Received): Promise<PayloadSet> {
    const { clock, cohorts, evaluated, evaluatedCohortIds } = this.#parts;
    if (cohorts === null) return [flags];
    const pending = cohorts.pending(cohortIds);
    if (pending.size === 0) {
      // Flags that are new to the client replace those that the caller has written.
      const others = flags === this.#offered?.[0] ? evaluatedCohortIds() : [];
      const ids = new Set([...cohortIds, ...others]);
      cohorts.retain(ids);
      return [flags, ...cohorts.payloads([...ids])];
    }
    const bytes = servableFlags(flags.bytes, evaluated(), pending);
    const ids = await referredCohorts(bytes, clock);
    // The etag belongs to the bytes as received.
    return [{ ...flags, bytes, etag: null }, ...cohorts.payloads(ids)];
  }
}
