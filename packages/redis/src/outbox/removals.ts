import { randomBytes } from "node:crypto";
import type { NumberedCall, OutboxStream } from "./stream.js";

/** Called with the number of entries that a call has removed. */
type OnRemoved = (count: number) => void;

/**
 * Removes entries from the stream. A call whose reply was lost is repeated before the next one, and Redis executes it
 * once, so that each removal is counted in one process.
 */
export class Removals {
  readonly #stream: Pick<OutboxStream, "bury" | "finish">;
  readonly #caller = randomBytes(12).toString("hex");
  #number = 0;
  /** Sends the last call, until its reply is received. */
  #unanswered: (() => Promise<void>) | null = null;

  constructor(stream: Pick<OutboxStream, "bury" | "finish">) {
    this.#stream = stream;
  }

  /** Removes delivered entries. */
  finish(entryIds: readonly string[], onRemoved: OnRemoved): Promise<void> {
    return this.#call((call) => this.#stream.finish(call, entryIds), onRemoved);
  }

  /** Moves entries to the dead stream. */
  bury(entryIds: readonly string[], onRemoved: OnRemoved): Promise<void> {
    return this.#call((call) => this.#stream.bury(call, entryIds), onRemoved);
  }

  /** Repeats the call whose reply was lost, if there is one. */
  async repeat(): Promise<void> {
    await this.#unanswered?.();
    this.#unanswered = null;
  }

  async #call(send: (call: NumberedCall) => Promise<number>, onRemoved: OnRemoved): Promise<void> {
    await this.repeat();
    this.#number += 1;
    const call = { caller: this.#caller, number: this.#number };
    this.#unanswered = async () => onRemoved(await send(call));
    await this.repeat();
  }
}
