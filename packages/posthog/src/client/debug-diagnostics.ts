import { consoleDiagnostics, type Diagnostics } from "@sortition/core/client";

/** Diagnostics on stderr: warnings and errors, and everything while `isDebug` says so. */
export function debugDiagnostics(isDebug: () => boolean): Diagnostics {
  const quiet = consoleDiagnostics("warn");
  const verbose = consoleDiagnostics("debug");
  const current = (): Diagnostics => (isDebug() ? verbose : quiet);
  return {
    debug: (message, facts) => current().debug(message, facts),
    info: (message, facts) => current().info(message, facts),
    warn: (message, facts) => current().warn(message, facts),
    error: (message, facts) => current().error(message, facts),
  };
}
