import type { Messages } from "../messages.js";
import { count } from "../text/values.js";

/** Lines that are named; the others are counted. */
const MAX_NAMED = 10;

/** The lines of a part of an input that could not be used. */
export class LineNotes {
  count = 0;
  /** The first ones. */
  readonly named: { readonly line: number; readonly problem: string }[] = [];

  note(line: number, problem: string): void {
    this.count += 1;
    if (this.named.length < MAX_NAMED) this.named.push({ line, problem });
  }
}

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

  add({ count: more, named }: Pick<LineNotes, "count" | "named">): void {
    for (const { line, problem } of named.slice(0, Math.max(0, MAX_NAMED - this.#count))) {
      this.#messages.warning(`line ${line}: ${problem}`);
    }
    this.#count += more;
  }

  /** Says how many there were, unless all of them were named. */
  finish(): void {
    if (this.#count > MAX_NAMED) {
      this.#messages.warning(`${count(this.#count)} lines could not be used`);
    }
  }
}
