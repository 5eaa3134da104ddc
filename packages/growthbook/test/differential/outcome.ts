import type { StickyAssignmentsDocument } from "../../src/dialect/wire.js";

/** The outcome of one evaluation. */
export type Answer = { readonly result: unknown } | { readonly throws: string };

/** The outcome of a session, with all callbacks in order. */
export interface Outcome {
  readonly answers: readonly Answer[];
  /** Entries are `["viewed", …]` and `["used", …]`. */
  readonly calls: readonly (readonly unknown[])[];
  readonly docs: Readonly<Record<string, StickyAssignmentsDocument>> | null;
  readonly saved: readonly StickyAssignmentsDocument[];
}

/** Returns the result, or the class of the error. */
export function answerOf(evaluate: () => unknown): Answer {
  try {
    return { result: copied(evaluate()) };
  } catch (error) {
    return { throws: error instanceof TypeError ? "TypeError" : (error as Error).name };
  }
}

/** Copies a value as JSON, because results share objects with payloads, which change. */
export function copied(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
