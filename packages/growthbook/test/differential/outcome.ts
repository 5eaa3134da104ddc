import type { StickyAssignmentsDocument } from "../../src/dialect/wire.js";

/** What one evaluation resulted in. */
export type Answer = { readonly result: unknown } | { readonly throws: string };

/** What a session resulted in, with all callbacks in their order. */
export interface Outcome {
  readonly answers: readonly Answer[];
  /** `["viewed", …]` and `["used", …]`. */
  readonly calls: readonly (readonly unknown[])[];
  readonly docs: Readonly<Record<string, StickyAssignmentsDocument>> | null;
  readonly saved: readonly StickyAssignmentsDocument[];
}

/** The result, or the class of what is thrown. */
export function answerOf(evaluate: () => unknown): Answer {
  try {
    return { result: copied(evaluate()) };
  } catch (error) {
    return { throws: error instanceof TypeError ? "TypeError" : (error as Error).name };
  }
}

/** As JSON: results share objects with payloads, which change. */
export function copied(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
