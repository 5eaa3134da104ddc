import type { Io, Output } from "../io.js";
import { count } from "../text/values.js";

const REDRAW_AFTER_MS = 100;
const CLEAR_LINE = "\r\u001b[K";

/** Progress of a run. */
export interface EvaluatedLines {
  /** Number of lines, including lines with errors. */
  readonly lines: number;
  readonly failed: number;
  readonly readPart: number | null;
}

/** Shows the number of evaluated lines on a terminal during the run. */
export class Progress {
  readonly #stderr: Output;
  readonly #isShown: boolean;
  /** Whether results are written to the same terminal. */
  readonly #sharesTerminal: boolean;
  readonly #startedAtMs = performance.now();
  #readPart: number | null = null;
  #lines = 0;
  #errorLines = 0;
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  #isDrawn = false;

  /** The count is shown only if `stderr` is a terminal. */
  constructor({ stdout, stderr }: Io, isQuiet: boolean) {
    this.#stderr = stderr;
    this.#isShown = !isQuiet && stderr.isTTY === true;
    this.#sharesTerminal = stdout.isTTY === true;
  }

  /**
   * Sets the numbers to show.
   *
   * @param readPart - the fraction of the input that was read; `null` if its size is unknown. If it is known, the
   *   percentage and the time left are shown too.
   */
  note({ failed, lines, readPart }: EvaluatedLines): void {
    this.#lines = lines;
    this.#errorLines = failed;
    this.#readPart = readPart;
  }

  /** Redraws the count, at most once per interval. */
  draw(): void {
    if (!this.#isShown) return;
    const nowMs = performance.now();
    if (nowMs - this.#drawnAtMs < REDRAW_AFTER_MS) return;
    this.#drawnAtMs = nowMs;
    this.#isDrawn = true;
    this.#stderr.write(`${CLEAR_LINE}${this.#text(nowMs)}`);
  }

  /** Erases the count before results are written to the same terminal. */
  makeWay(): void {
    if (this.#sharesTerminal) this.erase();
  }

  erase(): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    this.#stderr.write(CLEAR_LINE);
  }

  /** Draws the final count. */
  finish(): void {
    if (!this.#isShown) return;
    this.#isDrawn = false;
    this.#stderr.write(`${CLEAR_LINE}${this.#text(performance.now())}\n`);
  }

  #text(nowMs: number): string {
    const seconds = Math.max(nowMs - this.#startedAtMs, 1) / 1_000;
    const rate = Math.round(this.#lines / seconds);
    const part = this.#part(seconds);
    return `${lines(this.#lines)}, ${part}${count(rate)} lines/s, ${count(this.#errorLines)} with errors`;
  }

  /** Returns text such as `34%, 1:05 left, `; empty if the size is unknown or everything was read. */
  #part(seconds: number): string {
    const part = this.#readPart;
    if (part === null || part === 0 || part >= 1) return "";
    return `${Math.floor(100 * part)}%, ${durationText((seconds * (1 - part)) / part)} left, `;
  }
}

/** Returns text such as `1 line` or `2,000 lines`. */
export function lines(n: number): string {
  return `${count(n)} ${n === 1 ? "line" : "lines"}`;
}

/** Returns text such as `0:05` or `1:02:03`. */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) => `${part}`.padStart(2, "0"));
  const hours = Math.floor(whole / 3_600);
  return hours > 0 ? `${hours}:${parts.join(":")}` : parts.join(":").replace(/^0/, "");
}
