import type { Client, Diagnostics } from "@sortition/core";
import { callAtExitWith } from "../exit-callbacks.js";
import { warn } from "./warn.js";

/**
 * Warns when the process exits while the client has exposures that no logger has taken, or a logger has exposures that it has
 * not sent, as after `process.exit()` without `close`. This does not keep a client alive.
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
  for (const it of Object.values(client.exposureCounters.loggers)) {
    pending += it.queued + it.inFlight + unsentOf(it.downstream);
    buffered += it.buffered;
  }
  if (pending > 0) {
    const message = `exposures lost: ${pending} were not delivered when the process exited; await client.close() before process.exit()`;
    warn(diagnostics, message, { cause, pending });
  }
  if (buffered > 0) {
    const message = `exposures lost: ${buffered} had no logger when the process exited; give the client an assignmentLogger, or null to log none`;
    warn(diagnostics, message, { cause, buffered });
  }
}

/** What a logger that sends in batches still holds, by its `stats()`. */
function unsentOf(stats: object | null | undefined): number {
  const { buffered = null }: { readonly buffered?: unknown } = stats ?? {};
  return typeof buffered === "number" && buffered > 0 ? buffered : 0;
}
