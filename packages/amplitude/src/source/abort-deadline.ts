import { type DeadlineOptions, withDeadline } from "@sortition/core/kit";

/** Core's `withDeadline`, whose signal is an `AbortSignal` of the platform; as that of `@sortition/node/kit`, which needs Node. */
export const withAbortDeadline = withDeadline as <Value>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => PromiseLike<Value>,
) => Promise<Value>;
