/** Why an accepted exposure did not reach a logger. */
export type ExposureDropReason =
  | "logger-threw"
  | "logger-rejected"
  | "logger-timeout"
  /** The logger's queue was full. */
  | "overflow"
  /** The event alone exceeds the queue's maximum bytes. */
  | "too-large"
  /** Logging an event caused another one, again and again: the logger evaluates flags. */
  | "too-deep"
  /** The pre-logger buffer was full, or the logger set later does not take this kind. */
  | "no-logger"
  /** The event was not delivered before the client was closed. */
  | "closed";

/** Whether the logger caused the loss: it threw, rejected, or did not settle in time. */
export function isLoggerFailure(reason: ExposureDropReason): boolean {
  return reason === "logger-threw" || reason === "logger-rejected" || reason === "logger-timeout";
}
