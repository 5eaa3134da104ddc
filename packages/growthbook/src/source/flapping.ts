import type { Clock, Failure } from "@sortition/core/internal";
import type { StreamLink, StreamPlan } from "@sortition/node/internal";

/** One immediate reconnection is allowed within this time. */
const CALM_MS = 15_000;
/** Random part of the pause before a delayed reconnection. */
const SPREAD_MS = 2_000;

/**
 * Reconnects a stream, but pauses if the server refuses it, or repeatedly ends it shortly after opening. The pause
 * matters because each new connection also requests the payload.
 *
 * @param refusedMs - time until a refused stream is opened again.
 * @param open - opens a connection that reports to the link.
 */
export function slowedDown(
  clock: Clock,
  refusedMs: number,
  open: (link: StreamLink) => ReturnType<StreamPlan["open"]>,
): Pick<StreamPlan, "open" | "reopenMs"> {
  let quickAtMs = Number.NEGATIVE_INFINITY;
  let isFlapping = false;
  const noteLoss = (): boolean => {
    const nowMs = clock.monotonicMs();
    if (nowMs - quickAtMs < CALM_MS) return true;
    quickAtMs = nowMs;
    return false;
  };
  return {
    open(link) {
      isFlapping = false;
      let isOpen = false;
      const opened = (): void => {
        isOpen = true;
        link.opened();
      };
      const down = (failure: Failure): void => {
        isFlapping = isOpen && noteLoss();
        isOpen = false;
        if (isFlapping) link.ended(failure);
        else link.down(failure);
      };
      return open({ ...link, opened, down });
    },
    reopenMs: (_, u) => (isFlapping ? CALM_MS + u * SPREAD_MS : refusedMs),
  };
}
