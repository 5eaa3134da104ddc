import type { Steps } from "../model/steps.js";
import type { Clock } from "./clock.js";

/** Length of a slice. It is short, so that a refresh does not delay requests noticeably. */
const SLICE_MS = 0.5;
/** Pause between two slices of background work. */
const IDLE_MS = 4;

/** Runs all steps without a pause. */
export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Runs steps in slices, and yields to the event loop between them. After several slices, it also yields at the end,
 * because the caller may continue with more work. Rejects with any error from a step.
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
 * Runs steps in the background, in slices with pauses between them. Its timers do not keep the process alive.
 *
 * @param done - called at the end.
 * @param failed - called with an error from a step or from `done`, which ends the work.
 * @returns a function that cancels the work. Neither callback is called after that.
 */
export function runWhenIdle(
  steps: Steps<void>,
  clock: Clock,
  done: () => void,
  failed: (cause: unknown) => void,
): () => void {
  let isCancelled = false;
  let cancel = (): void => {
    isCancelled = true;
  };
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
  // The first immediate and the first timer of a process take 0.1 ms each, and the first evaluation need not wait for
  // them.
  void afterCallers(clock).then(() => {
    if (!isCancelled) arm();
  });
  return () => cancel();
}

/**
 * Yields to the event loop, after code that awaits the caller's result, possibly through another `async` function, has
 * continued.
 */
async function afterCallers(clock: Clock): Promise<void> {
  for (let i = 0; i < 3; i++) await null;
  await clock.yieldNow();
}

function runSlice<T>(steps: Steps<T>, clock: Clock): IteratorResult<undefined, T> {
  const endsAtMs = clock.monotonicMs() + SLICE_MS;
  for (;;) {
    const step = steps.next();
    if (step.done || clock.monotonicMs() >= endsAtMs) return step;
  }
}
