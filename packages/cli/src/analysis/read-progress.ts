import type { Io, Output } from "../io.js";
import type { Messages } from "../messages.js";
import { count } from "../text/values.js";

/** Shorter commands show no progress. */
const SHOWN_AFTER_MS = 2_000;
const REDRAW_AFTER_MS = 100;
const CLEAR_LINE = "\r\u001b[K";

/** Shows the progress of a command on a terminal if it takes longer than two seconds. */
export class ReadProgress {
  readonly #stderr: Output;
  readonly #isShown: boolean;
  readonly #nowMs: () => number;
  readonly #startedAtMs: number;
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  #isDrawn = false;

  /** @param nowMs - the clock, in milliseconds. */
  constructor({ stderr }: Io, isQuiet: boolean, nowMs = (): number => performance.now()) {
    this.#stderr = stderr;
    this.#isShown = !isQuiet && stderr.isTTY === true;
    this.#nowMs = nowMs;
    this.#startedAtMs = nowMs();
  }

  /**
   * Updates the progress of reading.
   *
   * @param part - the fraction of the input that was read; `null` if its size is unknown.
   * @param failed - how many of the rows have errors; absent if they are not counted.
   */
  read(rows: number, part: number | null, failed?: number): void {
    this.#draw((seconds) => {
      const errors = failed === undefined ? "" : `, ${count(failed)} with errors`;
      const rate = `${count(Math.round(rows / seconds))} rows/s${errors}`;
      const text = `${count(rows)} rows`;
      if (part === null || part === 0 || part >= 1) return `${text}, ${rate}`;
      const left = durationText((seconds * (1 - part)) / part);
      return `${text}, ${Math.floor(100 * part)}%, ${left} left, ${rate}`;
    });
  }

  /** Shows a step after reading. */
  step(text: string): void {
    this.#draw(() => text);
  }

  /** Erases the line. Must be called before anything else is written to the terminal, and at the end. */
  erase(): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    this.#stderr.write(CLEAR_LINE);
  }

  /** Wraps messages so that the line is erased before each one. */
  over(messages: Messages): Messages {
    const over = (write: (message: string) => void) => (message: string) => {
      this.erase();
      write(message);
    };
    return {
      error: over(messages.error),
      warning: over(messages.warning),
      plain: over(messages.plain),
    };
  }

  #draw(textOf: (seconds: number) => string): void {
    if (!this.#isShown) return;
    const nowMs = this.#nowMs();
    const elapsedMs = nowMs - this.#startedAtMs;
    if (elapsedMs < SHOWN_AFTER_MS || nowMs - this.#drawnAtMs < REDRAW_AFTER_MS) return;
    this.#drawnAtMs = nowMs;
    this.#isDrawn = true;
    this.#stderr.write(`${CLEAR_LINE}${textOf(elapsedMs / 1_000)}`);
  }
}

/** Returns text such as `0:05` or `1:02:03`. */
function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => `${part}`.padStart(2, "0"));
  const hours = Math.floor(whole / 3_600);
  return hours > 0 ? `${hours}:${parts.join(":")}` : parts.join(":").replace(/^0/, "");
}
