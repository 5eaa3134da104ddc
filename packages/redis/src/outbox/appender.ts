import { randomBytes } from "node:crypto";
import { isReply } from "../errors/reply-error.js";
import type { StoredExposure } from "./entry.js";
import type { OutboxStream } from "./stream.js";

/**
 * Appends each exposure to the stream once. If the reply to a call was lost, its result is
 * requested before the next call.
 */
export class Appender {
  readonly #stream: OutboxStream;
  readonly #caller = randomBytes(12).toString("hex");
  readonly #stored = new WeakSet<StoredExposure>();
  #number = 0;
  /** Exposures that must not be appended any more. */
  readonly #abandoned = new WeakSet<StoredExposure>();
  /** Exposures of the last call, until its reply is received. */
  #unanswered: readonly StoredExposure[] | null = null;
  /** Whether Redis may have executed that call. */
  #isUncertain = false;

  constructor(stream: OutboxStream) {
    this.#stream = stream;
  }

  /**
   * Appends exposures, and returns those that were stored. The others were not, because the stream
   * is full.
   */
  async append(exposures: readonly StoredExposure[]): Promise<ReadonlySet<StoredExposure>> {
    await this.#stream.settled();
    // Repeats the unanswered call without its exposures. This returns its result, or prevents it from running later.
    if (this.#unanswered !== null) this.#answered(await this.#call([]), this.#unanswered);
    const given = exposures.filter(
      (exposure) => !this.#stored.has(exposure) && !this.#abandoned.has(exposure),
    );
    if (given.length > 0) {
      this.#number += 1;
      this.#unanswered = given;
      this.#answered(await this.#callFirst(given), given);
    }
    return new Set(exposures.filter((exposure) => this.#stored.has(exposure)));
  }

  /** From now on, does not append this exposure. Returns whether Redis may have it. */
  abandon(exposure: StoredExposure): boolean {
    this.#abandoned.add(exposure);
    return this.mayHaveStored(exposure);
  }

  isAbandoned(exposure: StoredExposure): boolean {
    return this.#abandoned.has(exposure);
  }

  /** Whether Redis has this exposure, or may have it because the reply to its call was lost. */
  mayHaveStored(exposure: StoredExposure): boolean {
    if (this.#stored.has(exposure)) return true;
    return this.#isUncertain && this.#unanswered?.includes(exposure) === true;
  }

  async #callFirst(exposures: readonly StoredExposure[]): Promise<number> {
    try {
      return await this.#call(exposures, () => {
        this.#isUncertain = true;
      });
    } catch (error) {
      if (isReply(error)) this.#isUncertain = false;
      throw error;
    }
  }

  #call(exposures: readonly StoredExposure[], onSent?: () => void): Promise<number> {
    const call = { caller: this.#caller, number: this.#number };
    return this.#stream.append(call, exposures, onSent);
  }

  #answered(count: number, given: readonly StoredExposure[]): void {
    for (const exposure of given.slice(0, count)) this.#stored.add(exposure);
    this.#unanswered = null;
    this.#isUncertain = false;
  }
}
