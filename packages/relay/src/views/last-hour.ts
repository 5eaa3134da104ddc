import type { ClientState, Clock } from "@sortition/core";
import type { Environment } from "../environment/environment.js";

const SAMPLE_MS = 1_000;
const MINUTE_MS = 60_000;

/** How many minutes are kept. */
export const MINUTES = 60;

/** The worst sample of one minute. */
export interface MinuteState {
  readonly state: ClientState;
  /** Age of the configuration; `null` if it is unknown. */
  readonly ageMs: number | null;
}

/** The current state and when it was first seen, epoch ms. */
export interface StateSince {
  readonly state: ClientState;
  readonly atMs: number;
}

/** From best to worst. */
const SEVERITY: readonly ClientState[] = ["ready", "closed", "initializing", "stale", "error"];

/** State of one environment in the last hour, sampled in this process and kept in memory. */
export class LastHour {
  readonly #environment: Pick<Environment, "status">;
  readonly #clock: Clock;
  /** By minute, oldest first. */
  readonly #minutes = new Map<number, MinuteState>();
  #cancel = (): void => {};
  #since: StateSince | null = null;
  #losses = 0;
  #lastLossAtMs: number | null = null;

  constructor(environment: Pick<Environment, "status">, clock: Clock) {
    this.#environment = environment;
    this.#clock = clock;
    this.#sampleLater();
  }

  /** The last 60 minutes, the current one last; `null` for minutes without a sample. */
  get minutes(): readonly (MinuteState | null)[] {
    this.#sample();
    const current = this.#minute();
    return Array.from(
      { length: MINUTES },
      (_, i) => this.#minutes.get(current - MINUTES + 1 + i) ?? null,
    );
  }

  /** The current state and its start, to the second; `null` before the environment has started. */
  get since(): StateSince | null {
    this.#sample();
    return this.#since;
  }

  /** When the vendor's stream was last lost, epoch ms, to the second; `null`: never. */
  get lastLossAtMs(): number | null {
    this.#sample();
    return this.#lastLossAtMs;
  }

  /** Stops sampling. */
  close(): void {
    this.#cancel();
  }

  #sampleLater(): void {
    this.#cancel = this.#clock.setTimer(
      () => {
        this.#sample();
        this.#sampleLater();
      },
      SAMPLE_MS,
      { holdsProcess: false },
    );
  }

  #sample(): void {
    const { ageMs = null, state, stream = null } = this.#environment.status ?? {};
    if (state === undefined) return;
    if (this.#since?.state !== state) this.#since = { state, atMs: this.#clock.now() };
    if (stream !== null && stream.lost > this.#losses) {
      this.#losses = stream.lost;
      this.#lastLossAtMs = this.#clock.now();
    }
    const minute = this.#minute();
    const known = this.#minutes.get(minute);
    const sample = { state, ageMs };
    this.#minutes.set(minute, known === undefined ? sample : worseOf(known, sample));
    for (const oldest of this.#minutes.keys()) {
      if (oldest > minute - MINUTES) break;
      this.#minutes.delete(oldest);
    }
  }

  #minute(): number {
    return Math.floor(this.#clock.monotonicMs() / MINUTE_MS);
  }
}

function worseOf(a: MinuteState, b: MinuteState): MinuteState {
  const isWorse = SEVERITY.indexOf(b.state) > SEVERITY.indexOf(a.state);
  const ages = [a.ageMs, b.ageMs].filter((it) => it !== null);
  return {
    state: isWorse ? b.state : a.state,
    ageMs: ages.length === 0 ? null : Math.max(...ages),
  };
}
