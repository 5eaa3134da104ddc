import { timingSafeEqual } from "node:crypto";
import type { Clock, Diagnostics } from "@sortition/core";
import { pause } from "@sortition/core/internal";
import { sha256Of } from "./tokens.js";

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;
/** Maximum number of addresses whose wrong passwords are counted. */
const MAX_ADDRESSES = 1_000;
const REPORT_EVERY_MS = 60_000;

/** The password for the relay's admin pages. */
export class Password {
  readonly #digest: Buffer;
  readonly #diagnostics: Diagnostics;
  readonly #clock: Clock;
  /** Consecutive wrong passwords by address. The address of the latest one is last. */
  readonly #wrong = new Map<string, number>();
  #unreported = 0;
  #reportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(password: string, diagnostics: Diagnostics, clock: Clock) {
    this.#digest = Buffer.from(sha256Of(password));
    this.#diagnostics = diagnostics;
    this.#clock = clock;
  }

  /**
   * Checks a password. A correct one is accepted immediately. Responses to wrong ones are delayed, longer each time for the
   * same address, so that guessing takes years.
   *
   * @param given - `null` if the request has no password, which is not counted as a guess.
   */
  async check(given: string | null, address: string): Promise<boolean> {
    if (given === null) return false;
    // Digests have equal lengths, so the comparison leaks nothing about the password.
    if (timingSafeEqual(Buffer.from(sha256Of(given)), this.#digest)) {
      this.#wrong.delete(address);
      return true;
    }
    const count = (this.#wrong.get(address) ?? 0) + 1;
    this.#wrong.delete(address);
    this.#wrong.set(address, count);
    const [oldest] = this.#wrong.keys();
    if (this.#wrong.size > MAX_ADDRESSES && oldest !== undefined) this.#wrong.delete(oldest);
    this.#report();
    const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (count - 1));
    await pause(this.#clock, pauseMs, { holdsProcess: false });
    return false;
  }

  #report(): void {
    this.#unreported += 1;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#reportedAtMs < REPORT_EVERY_MS) return;
    this.#reportedAtMs = nowMs;
    this.#diagnostics.warn("wrong passwords", { count: this.#unreported });
    this.#unreported = 0;
  }
}
