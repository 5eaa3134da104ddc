import type { Diagnostics } from "@sortition/core";
import { consoleDiagnostics, SILENT_DIAGNOSTICS } from "@sortition/core/internal";

/**
 * Returns the diagnostics of a client without the option: the console, limited by the environment
 * variable `LOG_LEVEL` like the vendor's SDK.
 */
export function defaultDiagnostics(): Diagnostics {
  switch (process.env["LOG_LEVEL"]) {
    case "silent":
    case "fatal":
      return SILENT_DIAGNOSTICS;
    case "error":
      return consoleDiagnostics("error");
    default:
      return consoleDiagnostics();
  }
}
