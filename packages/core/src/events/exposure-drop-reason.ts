/** Why an accepted exposure did not reach a logger. */
export type ExposureDropReason =
  | "logger-threw"
  | "logger-rejected"
  | "logger-timeout"
  /** The logger's queue was full. */
  | "overflow"
  /** The event alone is larger than the logger's queue may be. */
  | "too-large"
  /** More came without a logger than are kept, or the one that came does not take this kind. */
  | "no-logger"
  /** It was left when the client was closed. */
  | "closed";

/** Whether it was lost by the logger's own doing: it threw, rejected, or did not settle in time. */
export function isLoggerFailure(reason: ExposureDropReason): boolean {
  return reason === "logger-threw" || reason === "logger-rejected" || reason === "logger-timeout";
}
