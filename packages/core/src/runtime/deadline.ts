import { NetworkError, type SortitionError, TimeoutError } from "../errors/errors.js";
import type { Clock } from "./clock.js";
import { type AbortSignalLike, createAbortController } from "./host.js";

/** A deadline, which is a timer with a signal that it fires. It usually keeps the process alive while it is awaited. */
export interface Deadline {
  readonly signal: AbortSignalLike;
  /** Resolves at the deadline or when the outer signal fires. Never resolves if it is ended before. */
  readonly expired: Promise<void>;
  /** Returns the remaining time, at least 0. */
  remainingMs(): number;
  /** Resolves with the result of the work, or with `undefined` at the deadline. Rejects if the work rejects. */
  limit<Value>(work: PromiseLike<Value>): Promise<Value | undefined>;
  /** Fires the signal now, with this reason if the host's signals support reasons. */
  expire(reason?: unknown): void;
  /** Clears the timer, and removes the listener from the outer signal. */
  end(): void;
}

/**
 * Starts a deadline.
 *
 * @param outer - a signal that fires the deadline early.
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
  /** Time limit from the call, ms. */
  readonly timeoutMs: number;
  /** Ends the work early. The listener is removed afterwards. */
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
 * @param work - may throw. Its signal fires when the time is up.
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

/** What ends an operation: its deadline or the caller's signal. */
export interface DeadlineOptions extends Omit<TimeLimit, "holdsProcess"> {
  /** Whether the process stays alive meanwhile. Default: `false`, because a caller that waits keeps it alive. */
  readonly holdsProcess?: boolean;
  /** A hint that is added to the error message. */
  readonly hint?: string | undefined;
}

/**
 * Runs an operation with any number of requests and bodies under one deadline. The result settles when the deadline
 * passes, even if the operation ignores its signal, because name look-up and decompression cannot be aborted.
 *
 * @throws TimeoutError when the deadline passes, NetworkError when `signal` is aborted, and the errors of the
 * operation.
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
      // Rejects before the signal fires, because the resulting error of the work is not the reason.
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
