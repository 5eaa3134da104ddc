import type { Clock, Diagnostics, Facts } from "@sortition/core/internal";
import { factsOf } from "./error-facts.js";

/** Messages for the start and the end of an outage. */
export interface OutageTexts {
  readonly begun: string;
  readonly ended: string;
  /** Facts of both messages. */
  readonly facts?: Facts;
}

/**
 * Reports the start and the end of a Redis outage once each. Both are warnings. Otherwise, a log
 * without `info` would show outages that never end.
 */
export class OutageReports {
  readonly #ports: { readonly clock: Clock; readonly diagnostics: Diagnostics };
  readonly #texts: OutageTexts;
  /** When the outage began, by the monotonic clock. `null`: there is none. */
  #sinceMs: number | null = null;

  constructor(
    ports: { readonly clock: Clock; readonly diagnostics: Diagnostics },
    texts: OutageTexts,
  ) {
    this.#ports = ports;
    this.#texts = texts;
  }

  get isOn(): boolean {
    return this.#sinceMs !== null;
  }

  /** @param error - error of the last command, or `null` if Redis replied to it. */
  note(error: unknown): void {
    const sinceMs = this.#sinceMs;
    if ((error !== null) === (sinceMs !== null)) return;
    const { clock, diagnostics } = this.#ports;
    const nowMs = clock.monotonicMs();
    const { begun, ended, facts } = this.#texts;
    this.#sinceMs = sinceMs === null ? nowMs : null;
    if (sinceMs === null) diagnostics.warn(begun, { ...facts, ...factsOf(error) });
    else diagnostics.warn(ended, { ...facts, outageMs: Math.round(nowMs - sinceMs) });
  }
}
