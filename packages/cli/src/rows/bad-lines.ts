import type { Messages } from "../messages.js";
import { count } from "../text/values.js";

/** Lines that are named; the others are counted. */
const MAX_NAMED = 10;

/** Counts the lines of an input that could not be used, and names the first ones on stderr. */
export class BadLines {
  readonly #messages: Messages;
  #count = 0;

  constructor(messages: Messages) {
    this.#messages = messages;
  }

  get count(): number {
    return this.#count;
  }

  note(line: number, problem: string): void {
    this.#count += 1;
    if (this.#count <= MAX_NAMED) this.#messages.warning(`line ${line}: ${problem}`);
  }

  /** Says how many there were, unless all of them were named. */
  finish(): void {
    if (this.#count > MAX_NAMED) {
      this.#messages.warning(`${count(this.#count)} lines could not be used`);
    }
  }
}
