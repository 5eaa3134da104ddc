import type { Steps } from "../model/steps.js";
import type { Clock } from "./clock.js";

/** Length of a slice. A refresh must not delay requests noticeably. */
const SLICE_MS = 0.5;
/** Pause between two slices of background work. */
const IDLE_MS = 4;

/** Runs all steps at once. */
export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Runs steps in slices, and yields to the event loop between them. After several slices it also yields at the end, since
 * the caller may go on with more work. Rejects with what a step throws.
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
 * Runs steps in the background, in slices with pauses between them. Its timers do not hold the process.
 *
 * @param done - called at the end.
 * @param failed - called with what a step or `done` throws, and last.
 * @returns a function that cancels the work; neither callback is called after that.
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
  // The first immediate of a process takes 0.1 ms, as does its first timer: the first evaluation need not wait for them.
  void afterCallers(clock).then(() => {
    if (!isCancelled) arm();
  });
  return () => cancel();
}

/** Yields to the event loop after who awaits what the caller returns, also by an `async` function in between, has gone on. */
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
