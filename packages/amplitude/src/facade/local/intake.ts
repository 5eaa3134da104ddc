import { type Clock, type Payload, type PayloadSet, runInSlices } from "@sortition/core/source";
import { Pacer } from "@sortition/node/transport";
import { referredCohortIds } from "../../dialect/references.js";
import { intervalPace } from "../../source/pace.js";
import type { CohortDownloads } from "./cohort-downloads.js";
import { servableFlags } from "./servable-flags.js";
import type { UpdateSink } from "./updates.js";

/** What {@link Intake} works with. */
export interface IntakeParts {
  readonly clock: Clock;
  readonly sink: UpdateSink;
  /** `null`: cohorts are not downloaded. */
  readonly cohorts: CohortDownloads | null;
  /** Time between two looks at all cohorts. Those that are missing are requested with each update of the flags, too. */
  readonly cohortIntervalMs: number;
}

/** The cohorts that the flags with these bytes refer to. */
interface Referred {
  readonly bytes: Uint8Array;
  readonly ids: readonly string[];
}

/**
 * Takes flags that were received, downloads the cohorts that they refer to, and serves both. A flag that needs a
 * cohort which is under way is served when that has arrived or failed; all others are served at once.
 */
export class Intake {
  readonly #parts: IntakeParts;
  #flags: Payload | null = null;
  #referred: Referred | null = null;
  #hasServed = false;
  /** Number of stops. */
  #stops = 0;
  /** Known cohorts may change while the flags do not. */
  readonly #looks: Pacer;
  /** When all cohorts were looked at, by the monotonic clock. */
  #lookedAtMs = Number.POSITIVE_INFINITY;
  #serving: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(parts: IntakeParts) {
    const { clock, cohortIntervalMs } = parts;
    this.#parts = parts;
    this.#looks = new Pacer(() => intervalPace(cohortIntervalMs), {
      clock,
      random: Math.random,
      isLoaded: () => this.#hasServed,
      attempt: async () => {
        this.#refresh(true);
        this.#lookedAtMs = clock.monotonicMs();
        return null;
      },
    });
  }

  /** The flags that were received last, if they could be used. */
  get flags(): Payload | null {
    return this.#flags;
  }

  /** Whether flags were served since the last stop. */
  get hasServed(): boolean {
    return this.#hasServed;
  }

  /** Settles when each cohort of the flags has arrived or finally failed, and is served. */
  async settled(): Promise<void> {
    await this.#parts.cohorts?.settled(this.#ids);
    await this.#serving;
  }

  /**
   * Serves flags. Settles without waiting for their cohorts.
   *
   * @throws DecodeError if they are unusable as a whole.
   */
  async receive(flags: Payload): Promise<void> {
    const stops = this.#stops;
    const referred = await this.#referencesIn(flags.bytes);
    if (stops !== this.#stops) return;
    const former = { flags: this.#flags, referred: this.#referred };
    this.#flags = flags;
    this.#referred = referred;
    const { clock, cohortIntervalMs, cohorts } = this.#parts;
    // After a stop they may be old.
    this.#refresh(!this.#hasServed && clock.monotonicMs() - this.#lookedAtMs >= cohortIntervalMs);
    try {
      await this.#serve();
    } catch (error) {
      if (this.#flags === flags) {
        this.#flags = former.flags;
        this.#referred = former.referred;
      }
      throw error;
    }
    if (stops !== this.#stops || this.#hasServed) return;
    this.#hasServed = true;
    if (cohorts === null) return;
    this.#lookedAtMs = clock.monotonicMs();
    this.#looks.start("later");
  }

  /** Ends downloads. What has arrived stays. */
  stop(): void {
    this.#stops += 1;
    this.#hasServed = false;
    this.#looks.stop();
    this.#parts.cohorts?.stop();
  }

  get #ids(): readonly string[] {
    return this.#referred?.ids ?? [];
  }

  #refresh(all: boolean): void {
    this.#parts.cohorts?.refresh(this.#ids, all, () => {
      this.#serve().catch(() => {}); // the flags were served before
    });
  }

  /** Serves what there is. Calls while this waits for the one before share one configuration. */
  #serve(): Promise<void> {
    this.#next ??= this.#serving.then(() => {
      this.#next = null;
      return this.#serveNow();
    });
    const serving = this.#next;
    this.#serving = serving.catch(() => {});
    return serving;
  }

  async #serveNow(): Promise<void> {
    const { cohorts, sink } = this.#parts;
    const flags = this.#flags;
    if (flags === null) return;
    if (cohorts === null) return this.#apply([flags], true);
    const pending = cohorts.pending(this.#ids);
    if (pending.size === 0) {
      cohorts.retain(new Set(this.#ids));
      return this.#apply([flags, ...cohorts.payloads(this.#ids)], true);
    }
    const bytes = servableFlags(flags.bytes, sink.evaluated(), pending);
    const ids = await runInSlices(referredCohortIds(bytes), this.#parts.clock);
    // An etag belongs to the bytes that were received.
    const servable: Payload = { ...flags, bytes, etag: null };
    return this.#apply([servable, ...cohorts.payloads(ids)], false);
  }

  async #apply(payloads: PayloadSet, isWhole: boolean): Promise<void> {
    const { sink } = this.#parts;
    const { current } = sink;
    const isSame =
      current?.length === payloads.length && payloads.every((it) => current.includes(it));
    if (!isSame) await sink.apply(payloads, isWhole);
  }

  async #referencesIn(bytes: Uint8Array): Promise<Referred> {
    if (this.#referred?.bytes === bytes) return this.#referred;
    if (this.#parts.cohorts === null) return { bytes, ids: [] };
    try {
      return { bytes, ids: await runInSlices(referredCohortIds(bytes), this.#parts.clock) };
    } catch {
      return { bytes, ids: [] }; // the configuration is refused when it is compiled
    }
  }
}
