import { consoleDiagnostics, type Diagnostics } from "@sortition/core";

/** Reports a mistake of the caller: a sentence, and a constant `cause`. Errors that the receiver throws are ignored. */
export function warn(
  diagnostics: Diagnostics | undefined,
  message: string,
  facts: { readonly cause: string; readonly [name: string]: unknown },
): void {
  try {
    (diagnostics ?? consoleDiagnostics()).warn(message, facts);
  } catch {
    // There is nothing left to report it to.
  }
}
