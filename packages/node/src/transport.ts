export type { DeadlineOptions } from "@sortition/core/source";
export { callAtExitWith } from "./exit-callbacks.js";
export type { SocketOptions } from "./http/connections.js";
export { withDeadline } from "./http/deadline.js";
export type { StreamEvent } from "./http/event-parser.js";
export {
  type EventStream,
  type EventStreamFailure,
  type EventStreamOptions,
  type EventStreamState,
  openEventStream,
} from "./http/event-stream.js";
export type { HttpResponse } from "./http/exchange.js";
export { statusFailure, thrownFailure } from "./http/failure.js";
export {
  type HttpRequest,
  HttpTransport,
  type HttpTransportOptions,
} from "./http/http-transport.js";
export { sendByAgent } from "./http/node-sender.js";
export type { RouteOptions } from "./http/proxy.js";
export {
  type FetchLike,
  replacedFetch,
  sendByFetch,
  sendByReplacedFetch,
} from "./http/replaced-fetch.js";
export { type RetryAfterSource, retryAfterMs } from "./http/retry-after.js";
export type { Message, SendRequest, StreamedResponse } from "./http/sender.js";
export {
  type FailedAttempt,
  failureDelayMs,
  firstDelayMs,
  type Pacing,
  steadyDelayMs,
} from "./polling/backoff.js";
export { lifecyclePace } from "./source/lifecycle-pace.js";
export { type LastAttempt, type Pace, Pacer, type PacerPorts } from "./source/pacer.js";
