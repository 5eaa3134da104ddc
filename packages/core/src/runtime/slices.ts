import type { Steps } from "../model/steps.js";
import type { Clock } from "./clock.js";

/** How long work goes on before it lets others run. A refresh must not be noticed. */
const SLICE_MS = 0.5;
/** How long background work lets others run after each slice. */
const IDLE_MS = 4;

/** Does all of it at once. */
export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Does it in slices, between which other work of the event loop runs, and after the last of several:
 * who asked for it may go on with more of the kind. Rejects with what it throws.
 */
export async function runInSlices<T>(steps: Steps<T>, clock: Clock): Promise<T> {
  let step = runSlice(steps, clock);
  if (step.done) return step.value;
  do {
    await clock.yieldNow();
    step = runSlice(steps, clock);
  } while (!step.done);
  await clock.yieldNow();
  return step.value;
}

/**
 * Does it in the background, in slices with pauses between them. Its timers hold no process.
 *
 * @param done - called at the end.
 * @param failed - called with what the work or `done` throws; nothing is called after it.
 * @returns ends it early; then neither is called.
 */
export function runWhenIdle(
  steps: Steps<void>,
  clock: Clock,
  done: () => void,
  failed: (cause: unknown) => void,
): () => void {
  let cancel = (): void => {};
  const goOn = (): void => {
    try {
      if (runSlice(steps, clock).done) done();
      else arm();
    } catch (cause) {
      failed(cause);
    }
  };
  const arm = (): void => {
    cancel = clock.setTimer(goOn, IDLE_MS, { holdsProcess: false });
  };
  arm();
  return () => cancel();
}

function runSlice<T>(steps: Steps<T>, clock: Clock): IteratorResult<undefined, T> {
  const endsAtMs = clock.monotonicMs() + SLICE_MS;
  for (;;) {
    const step = steps.next();
    if (step.done || clock.monotonicMs() >= endsAtMs) return step;
  }
}
