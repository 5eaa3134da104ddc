import { type DeadlineOptions, withDeadline } from "@sortition/core/internal";

/** Core's `withDeadline`, whose signal is an `AbortSignal` of the platform; as that of `@sortition/node/internal`, which needs Node. */
export const withAbortDeadline = withDeadline as <Value>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => PromiseLike<Value>,
) => Promise<Value>;
