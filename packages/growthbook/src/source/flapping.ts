import type { Clock, Failure } from "@sortition/core/internal";
import type { StreamLink, StreamPlan } from "@sortition/node/internal";

/** One quick reconnection is allowed in this time. */
const CALM_MS = 15_000;
/** Spread of the pause before a slow one. */
const SPREAD_MS = 2_000;

/**
 * A stream that reconnects by itself, unless the server refuses it, or ends it again and again shortly after it is open. Such a
 * stream is slowed down, because each new connection also costs a request of the payload.
 *
 * @param refusedMs - until a stream that was refused is opened again.
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
