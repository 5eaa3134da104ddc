import type { Diagnostics } from "@sortition/core";
import { consoleDiagnostics, SILENT_DIAGNOSTICS } from "@sortition/core/internal";

/**
 * The diagnostics of a client without the option: the console. The variable `LOG_LEVEL` quiets them, as it quiets the
 * vendor's SDK.
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
