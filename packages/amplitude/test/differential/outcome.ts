/** Outcome of a call: variants, events and the user afterwards, or an error. */
export type Outcome =
  | {
      readonly variants: object;
      readonly order: readonly string[];
      readonly assignments: readonly object[];
      readonly exposures: readonly object[];
      /** The user, including the cohort ids that were written to it. */
      readonly user: object;
    }
  | { readonly throws: string; readonly message: string };

/** Returns the outcome of a call that throws. */
export function thrown(error: unknown): Outcome {
  const { message } = error as Error;
  const isCycle = message.startsWith("Detected a cycle");
  return {
    throws: error instanceof TypeError ? "TypeError" : "Error",
    message: isCycle ? message : "",
  };
}
