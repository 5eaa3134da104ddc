import { consoleDiagnostics, type Diagnostics } from "@sortition/core";

/**
 * Reports a caller's mistake as a message with a constant `cause`. Ignores errors that the receiver
 * throws.
 */
export function warn(
  diagnostics: Diagnostics | undefined,
  message: string,
  facts: { readonly cause: string; readonly [name: string]: unknown },
): void {
  try {
    (diagnostics ?? consoleDiagnostics()).warn(message, facts);
  } catch {
    // There is nowhere left to report the error.
  }
}
