import { type DeadlineOptions, withDeadline as withCoreDeadline } from "@sortition/core/source";

/** Core's `withDeadline`; the signal that the work gets is an `AbortSignal` of the platform. */
export const withDeadline = withCoreDeadline as <Value>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => PromiseLike<Value>,
) => Promise<Value>;
