import type { Clock } from "@sortition/core/source";
import { systemCodeOf } from "../source/system-code.js";

/** Error codes of Windows while another program, such as a virus scanner, has a file open. */
const PASSING: ReadonlySet<string | null> = new Set(["EPERM", "EBUSY"]);
const TRIES = 3;
const PAUSE_MS = 50;

/**
 * Renames a file; retries while the system reports it as in use.
 *
 * @param rename - renames once.
 * @throws what `rename` throws the last time.
 */
export async function renameInUse(rename: () => Promise<void>, clock: Clock): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await rename();
      return;
    } catch (cause) {
      if (tries === TRIES || !PASSING.has(systemCodeOf(cause))) throw cause;
    }
    await new Promise<void>((resolve) => {
      clock.setTimer(resolve, PAUSE_MS, { holdsProcess: false });
    });
  }
}
