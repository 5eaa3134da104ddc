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

/** Copies a value as JSON, because results share objects with payloads, which change. Members without a value are kept. */
export function copied(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value, (_, it) => (it === undefined ? UNDEFINED : it)));
}

const UNDEFINED = "undefined in JSON";
