/** Why an accepted exposure did not reach a logger. */
export type ExposureDropReason =
  | "logger-threw"
  | "logger-rejected"
  | "logger-timeout"
  /** The logger's queue was full. */
  | "overflow"
  /** The event alone exceeds the bytes of the queue. */
  | "too-large"
  /** The pre-logger buffer was full, or the logger that was set does not take this kind. */
  | "no-logger"
  /** It was not delivered when the client was closed. */
  | "closed";

/** Whether the logger caused the loss: it threw, rejected, or did not settle in time. */
export function isLoggerFailure(reason: ExposureDropReason): boolean {
  return reason === "logger-threw" || reason === "logger-rejected" || reason === "logger-timeout";
}
