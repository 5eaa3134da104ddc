import { type Clock, retrying } from "@sortition/core/internal";
import { systemCodeOf } from "../http/system-code.js";

/** Error codes on Windows while another program, such as a virus scanner, has the file open. */
const PASSING: ReadonlySet<string | null> = new Set(["EPERM", "EBUSY"]);
const TRIES = 3;
const PAUSE_MS = 50;

/**
 * Renames a file. Retries while the operating system reports it as in use.
 *
 * @param rename - renames once.
 * @throws the last error of `rename`.
 */
export function renameInUse(rename: () => Promise<void>, clock: Clock): Promise<void> {
  const isRetryable = (cause: unknown): boolean => PASSING.has(systemCodeOf(cause));
  const pauseMs = (): number => PAUSE_MS;
  return retrying({ clock, tries: TRIES, pauseMs, isRetryable, holdsProcess: false }, rename);
}
