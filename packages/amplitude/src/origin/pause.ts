import type { AbortSignalLike, Clock } from "@sortition/core/source";
import { withDeadline } from "@sortition/node/transport";

/** Settles after a time, or when the signal is aborted. Never rejects, and holds no process. */
export async function pause(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignalLike,
): Promise<void> {
  await withDeadline({ clock, timeoutMs, signal }, () => new Promise<never>(() => {})).catch(
    () => {},
  );
}
