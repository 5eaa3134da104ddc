import { MachineDelay } from "./machine-delay.js";

/** Compares the demo's measurements with their bounds. */
export class Verdict {
  readonly #broken: string[] = [];
  readonly #delay = new MachineDelay();

  /** Descriptions of exceeded bounds. */
  get broken(): readonly string[] {
    return this.#broken;
  }

  /** Compares a number with its bound, and returns a description of both. */
  atMost(what: string, figure: number, bound: number): string {
    return this.#compare(what, figure, bound, `${figure} (bound ${bound})`);
  }

  /** Compares a duration that ended just now. Its bound grows by the delays of the machine since the last duration. */
  within(what: string, ms: number, boundMs: number): string {
    // Both the sender and the receiver can be delayed.
    const delayMs = 2 * this.#delay.take();
    const late = delayMs < 0.1 * boundMs ? "" : ` + ${Math.round(delayMs)} for a busy machine`;
    const text = `${Math.round(ms)} ms (bound ${boundMs}${late})`;
    return this.#compare(what, ms, boundMs + delayMs, text);
  }

  /** Records a failure. */
  fail(what: string): void {
    this.#broken.push(what);
  }

  /** Ends the measurements. */
  end(): void {
    this.#delay.stop();
  }

  #compare(what: string, figure: number, bound: number, text: string): string {
    if (!(figure <= bound)) this.fail(`${what}: ${text}`);
    return text;
  }
}

/**
 * Returns the maximum number of polls of a fleet in a time window (G2): one for each interval that begins in it, and one for
 * each leader that died.
 */
export function mostPolls(windowMs: number, intervalMs: number, deaths: number): number {
  return Math.ceil(windowMs / intervalMs) + deaths;
}
