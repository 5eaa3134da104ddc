import type { AbortSignalLike, Clock } from "@sortition/core/source";

/** How long to wait, and whether the process stays alive meanwhile. */
export interface TimeLimit {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly holdsProcess: boolean;
  /** Ends the wait sooner. */
  readonly signal?: AbortSignalLike | undefined;
}

/** How work ended. */
export type Outcome<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "late" };

/**
 * Waits for work until its time is up. Never rejects.
 *
 * @param work - may throw; its signal fires at the end of the time.
 */
export async function withTimeLimit<Value>(
  { clock, timeoutMs, holdsProcess, signal: outer }: TimeLimit,
  work: (signal: AbortSignal) => Value | PromiseLike<Value>,
): Promise<Outcome<Awaited<Value>>> {
  const controller = new AbortController();
  let end = (): void => {};
  const late = new Promise<{ readonly kind: "late" }>((resolve) => {
    end = () => {
      controller.abort();
      resolve({ kind: "late" });
    };
  });
  const cancel = clock.setTimer(end, Math.max(0, timeoutMs), { holdsProcess });
  if (outer?.aborted === true) end();
  outer?.addEventListener("abort", end);
  try {
    const done = Promise.resolve(work(controller.signal)).then(
      (value) => ({ kind: "done", value }) as const,
    );
    return await Promise.race([done, late]);
  } catch (error) {
    return { kind: "failed", error };
  } finally {
    cancel();
    outer?.removeEventListener("abort", end);
  }
}
