import type { Client, Diagnostics } from "@sortition/core";
import { exposureCounters } from "@sortition/core/internal";
import { callAtExitWith } from "../exit-callbacks.js";
import { warn } from "./warn.js";

/**
 * Warns if the process exits while exposures are undelivered: no logger has accepted them, or a
 * logger reports them as unsent, for example after `process.exit()` without `close`.
 * Does not keep the client alive.
 */
export function reportAtExit(client: Client, diagnostics: Diagnostics | undefined): void {
  client.on(
    "closed",
    callAtExitWith(client, (open) => warnOfPending(open, diagnostics)),
  );
}

function warnOfPending(client: Client, diagnostics: Diagnostics | undefined): void {
  const cause = "exposures lost at exit";
  let pending = 0;
  let buffered = 0;
  for (const it of Object.values(exposureCounters(client).loggers)) {
    pending += it.totals.pending - it.buffered;
    buffered += it.buffered;
  }
  if (pending > 0) {
    const message = `exposures lost: ${pending} not delivered when the process exited; await client.close() before process.exit()`;
    warn(diagnostics, message, { cause, pending });
  }
  if (buffered > 0) {
    const message = `exposures lost: ${buffered} had no logger when the process exited; give the client an assignmentLogger, or null to log none`;
    warn(diagnostics, message, { cause, buffered });
  }
}
