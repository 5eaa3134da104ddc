import { consoleDiagnostics, type Diagnostics } from "@sortition/core";

/** Creates diagnostics that write warnings and errors to stderr, and all levels while `isDebug` returns true. */
export function debugDiagnostics(isDebug: () => boolean): Diagnostics {
  const quiet = consoleDiagnostics("warn");
  const verbose = consoleDiagnostics("debug");
  const level =
    (name: keyof Diagnostics): Diagnostics["warn"] =>
    (message, facts) =>
      (isDebug() ? verbose : quiet)[name](message, facts);
  return {
    debug: level("debug"),
    info: level("info"),
    warn: level("warn"),
    error: level("error"),
  };
}
