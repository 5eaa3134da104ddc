import type { ClientState, Clock } from "@sortition/core";
import type { Environment } from "../environment/environment.js";

const SAMPLE_MS = 15_000;
const MINUTE_MS = 60_000;

/** How many minutes are kept. */
export const MINUTES = 60;

/** The worst sample of one minute. */
export interface MinuteState {
  readonly state: ClientState;
  /** Age of the configuration; `null` if it is unknown. */
  readonly ageMs: number | null;
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
    const { ageMs = null, state } = this.#environment.status ?? {};
    if (state === undefined) return;
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
