import type { DecodeError } from "../errors/errors.js";
import type { CompileIssue } from "../model/configuration.js";

/**
 * Maximum number of listed issues of a flag, or of the parts that flags share. A list of a hundred thousand malformed
 * elements has as many issues.
 */
const MAX_LISTED = 100;
/** Number of issues after which the inspection of a flag ends, so that one flag only takes milliseconds. */
const MAX_INSPECTED = 2_000;

/** Ends the inspection of a flag. It is not a `DecodeError`, because decoders keep those in place. */
export class InspectionEnd extends Error {
  override readonly name = "InspectionEnd";
}

/**
 * The issues of one flag, or of the parts that flags share. The first ones are listed, and the others are only counted.
 */
export class IssueList {
  readonly #flagKey: string | null;
  readonly #listed: CompileIssue[] = [];
  #found = 0;
  #isComplete = true;

  /** @param flagKey - `null` for the parts that flags share. */
  constructor(flagKey: string | null) {
    this.#flagKey = flagKey;
  }

  /** Number of issues, including issues that are not listed. */
  get found(): number {
    return this.#found;
  }

  /** Adds an issue with this code. Beyond a hundred issues, it is only counted. */
  add({ path, problem }: DecodeError, code: string): void {
    this.#found += 1;
    if (this.#found > MAX_LISTED) return;
    this.#listed.push({ path, flagKey: this.#flagKey, code, message: problem });
  }

  /** @throws InspectionEnd if the flag has so many issues that the inspection does not look for more. */
  endInspection(): void {
    if (this.#found < MAX_INSPECTED) return;
    this.#isComplete = false;
    throw new InspectionEnd();
  }

  /** Returns at most 100 issues. The message of the last one ends with the number of the others. */
  list(): readonly CompileIssue[] {
    const others = this.#found - this.#listed.length;
    if (others === 0) return this.#listed;
    const suffix = `; and ${this.#isComplete ? "" : "at least "}${others} more`;
    return this.#listed.map((issue, i) =>
      i < MAX_LISTED - 1 ? issue : { ...issue, message: issue.message + suffix },
    );
  }

  /** Returns a copy for another configuration, which may find more issues. */
  copy(): IssueList {
    const copy = listFor(this.#flagKey);
    copy.#listed.push(...this.#listed);
    copy.#found = this.#found;
    copy.#isComplete = this.#isComplete;
    return copy;
  }
}

// Outside the class, because bundlers rename a class that refers to itself.
function listFor(flagKey: string | null): IssueList {
  return new IssueList(flagKey);
}
