import { type DeadlineOptions, withDeadline } from "@sortition/core/internal";

/** Core's `withDeadline` for Node.js, where the work receives a real `AbortSignal`. */
export const withAbortDeadline = withDeadline as <Value>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => PromiseLike<Value>,
) => Promise<Value>;
