import { MachineDelay } from "./machine-delay.js";

/** Collects what the demo measured beside what it promises. */
export class Verdict {
  readonly #broken: string[] = [];
  readonly #delay = new MachineDelay();

  /** Bounds that were broken, in words. */
  get broken(): readonly string[] {
    return this.#broken;
  }

  /** Compares a number with its bound, and returns both in words. */
  atMost(what: string, figure: number, bound: number): string {
    return this.#compare(what, figure, bound, `${figure} (bound ${bound})`);
  }

  /** A duration that ended just now. Its bound grows by the delays of the machine since the last one. */
  within(what: string, ms: number, boundMs: number): string {
    // Two processes follow one another: the sender and the receiver.
    const delayMs = 2 * this.#delay.take();
    const late = delayMs < 0.1 * boundMs ? "" : ` + ${Math.round(delayMs)} by a busy machine`;
    const text = `${Math.round(ms)} ms (bound ${boundMs}${late})`;
    return this.#compare(what, ms, boundMs + delayMs, text);
  }

  /** Records a promise that was not kept. */
  fail(what: string): void {
    this.#broken.push(what);
  }

  /** No more durations. */
  end(): void {
    this.#delay.stop();
  }

  #compare(what: string, figure: number, bound: number, text: string): string {
    if (!(figure <= bound)) this.fail(`${what}: ${text}`);
    return text;
  }
}

/**
 * The most polls that a fleet may make in a window (G2): one for each interval that begins in it, and one for
 * each leader that died.
 */
export function mostPolls(windowMs: number, intervalMs: number, deaths: number): number {
  return Math.ceil(windowMs / intervalMs) + deaths;
}
