import { type DeadlineOptions, withDeadline } from "@sortition/core/internal";

/**
 * Core's `withDeadline` with a real `AbortSignal`. Like the function in `@sortition/node/internal`,
 * which requires Node.js.
 */
export const withAbortDeadline = withDeadline as <Value>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => PromiseLike<Value>,
) => Promise<Value>;
