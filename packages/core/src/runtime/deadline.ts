import { NetworkError, type SortitionError, TimeoutError } from "../errors/errors.js";
import type { Clock } from "./clock.js";
import { type AbortSignalLike, createAbortController } from "./host.js";

/** A deadline: a timer, which usually holds the process while it is awaited, and a signal that it fires. */
export interface Deadline {
  readonly signal: AbortSignalLike;
  /** Resolves at the deadline or when the outer signal fires; never if ended before. */
  readonly expired: Promise<void>;
  /** Time that is left, not below 0. */
  remainingMs(): number;
  /** What the work results in, or `undefined` at the deadline. Rejects as the work does. */
  limit<Value>(work: PromiseLike<Value>): Promise<Value | undefined>;
  /** Fires the signal now, for this reason if the host's signals have one. */
  expire(reason?: unknown): void;
  /** Clears the timer, and removes the listener from the outer signal. */
  end(): void;
}

/**
 * Starts a deadline.
 *
 * @param outer - fires the deadline early.
 */
export function startDeadline(
  clock: Clock,
  timeoutMs: number,
  outer?: AbortSignalLike,
  holdsProcess = true,
): Deadline {
  const controller = createAbortController();
  const endsAtMs = clock.monotonicMs() + timeoutMs;
  let expire = (_reason?: unknown): void => {};
  const expired = new Promise<void>((resolve) => {
    expire = (reason) => {
      controller.abort(reason);
      resolve();
    };
  });
  const onEnd = (): void => expire();
  const cancel = clock.setTimer(onEnd, timeoutMs, { holdsProcess });
  if (outer?.aborted) onEnd();
  outer?.addEventListener("abort", onEnd);
  return {
    signal: controller.signal,
    expired,
    expire,
    remainingMs: () => Math.max(0, endsAtMs - clock.monotonicMs()),
    limit: (work) => Promise.race([work, expired.then(() => undefined)]),
    end() {
      cancel();
      outer?.removeEventListener("abort", onEnd);
    },
  };
}

/** How long work may take. */
export interface TimeLimit {
  readonly clock: Clock;
  /** Ms from the call. */
  readonly timeoutMs: number;
  /** Ends the work sooner. No listener is left on it. */
  readonly signal?: AbortSignalLike | undefined;
  /** Whether the process stays alive meanwhile. */
  readonly holdsProcess: boolean;
}

/** How work ended. */
export type TimedOutcome<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "late" };

/**
 * Waits for work until its time is up. Never rejects.
 *
 * @param work - may throw; its signal fires at the end of the time.
 */
export async function within<Value>(
  { clock, holdsProcess, signal, timeoutMs }: TimeLimit,
  work: (signal: AbortSignalLike) => Value | PromiseLike<Value>,
): Promise<TimedOutcome<Awaited<Value>>> {
  const deadline = startDeadline(clock, Math.max(0, timeoutMs), signal, holdsProcess);
  try {
    const done = Promise.resolve(work(deadline.signal)).then(
      (value) => ({ kind: "done", value }) as const,
    );
    return (await deadline.limit(done)) ?? { kind: "late" };
  } catch (error) {
    return { kind: "failed", error };
  } finally {
    deadline.end();
  }
}

/** What ends an operation: its deadline, or a signal of the caller. */
export interface DeadlineOptions extends Omit<TimeLimit, "holdsProcess"> {
  /** Whether the process stays alive meanwhile. Default: `false`, since a caller who waits does that. */
  readonly holdsProcess?: boolean;
  /** What the error says besides the time, or that it was aborted. */
  readonly hint?: string | undefined;
}

/**
 * Runs an operation under one deadline, however many requests and bodies it consists of. The result
 * settles when the deadline passes, even if the operation ignores its signal: name look-up and
 * decompression cannot be aborted.
 *
 * @throws TimeoutError when the deadline passes, NetworkError when `signal` is aborted, and the errors
 * of the operation.
 * @see docs/spec/lifecycle.md §1.1, "deadline"
 */
export async function withDeadline<Value>(
  { clock, hint, holdsProcess = false, signal, timeoutMs }: DeadlineOptions,
  work: (signal: AbortSignalLike) => PromiseLike<Value>,
): Promise<Value> {
  const controller = createAbortController();
  let end = (_reason: SortitionError): void => {};
  const ended = new Promise<never>((_, reject) => {
    end = (reason) => {
      // Before the signal fires: what the work rejects with then is not the reason.
      reject(reason);
      controller.abort(reason);
    };
  });
  const aborted = `the request was aborted${hint === undefined ? "" : `; ${hint}`}`;
  const onAbort = (): void => end(new NetworkError(aborted, null));
  const onTimeout = (): void => end(new TimeoutError("request", timeoutMs, hint));

  const cancel = clock.setTimer(onTimeout, timeoutMs, { holdsProcess });
  signal?.addEventListener("abort", onAbort);
  try {
    if (signal?.aborted) onAbort();
    return await Promise.race([ended, controller.signal.aborted ? ended : work(controller.signal)]);
  } finally {
    cancel();
    signal?.removeEventListener("abort", onAbort);
  }
}
