import { type DeadlineOptions, withDeadline } from "@sortition/core/internal";

/** Core's `withDeadline` on Node: the signal that the work gets is an `AbortSignal` of the platform. */
export const withAbortDeadline = withDeadline as <Value>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => PromiseLike<Value>,
) => Promise<Value>;
