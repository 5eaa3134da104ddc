import type { DecodeError } from "../errors/errors.js";
import type { CompileIssue } from "../model/configuration.js";

/** Issues of one flag, or of the parts that flags share, that are listed. A list of a hundred thousand malformed elements has as many issues. */
const MAX_LISTED = 100;
/** Issues after which the inspection of a flag ends, so that one flag takes milliseconds of it. */
const MAX_INSPECTED = 2_000;

/** Ends the inspection of a flag. Not a `DecodeError`, which decoders keep in place. */
export class InspectionEnd extends Error {
  override readonly name = "InspectionEnd";
}

/** The issues of one flag, or of the parts that flags share: the first ones are listed, the others are counted. */
export class IssueList {
  readonly #flagKey: string | null;
  readonly #listed: CompileIssue[] = [];
  #found = 0;
  #isComplete = true;

  /** @param flagKey - `null` for the parts that flags share. */
  constructor(flagKey: string | null) {
    this.#flagKey = flagKey;
  }

  /** Number of issues, including those that are not listed. */
  get found(): number {
    return this.#found;
  }

  /** Adds an issue of this code; beyond a hundred it is counted alone. */
  add({ path, problem }: DecodeError, code: string): void {
    this.#found += 1;
    if (this.#found > MAX_LISTED) return;
    this.#listed.push({ path, flagKey: this.#flagKey, code, message: problem });
  }

  /** @throws InspectionEnd if the flag has so many issues that an inspection does not look for more. */
  endInspection(): void {
    if (this.#found < MAX_INSPECTED) return;
    this.#isComplete = false;
    throw new InspectionEnd();
  }

  /** At most 100 issues. The message of the last one ends with the number of the others. */
  list(): readonly CompileIssue[] {
    const others = this.#found - this.#listed.length;
    if (others === 0) return this.#listed;
    const suffix = `; and ${this.#isComplete ? "" : "at least "}${others} more`;
    return this.#listed.map((issue, i) =>
      i < MAX_LISTED - 1 ? issue : { ...issue, message: issue.message + suffix },
    );
  }

  /** A copy for another configuration, which may find more. */
  copy(): IssueList {
    const copy = listFor(this.#flagKey);
    copy.#listed.push(...this.#listed);
    copy.#found = this.#found;
    copy.#isComplete = this.#isComplete;
    return copy;
  }
}

// Outside of the class: bundlers rename a class that refers to itself.
function listFor(flagKey: string | null): IssueList {
  return new IssueList(flagKey);
}
