export type { DeadlineOptions } from "@sortition/core/source";
export { callAtExitWith } from "./exit-callbacks.js";
export { withDeadline } from "./http/deadline.js";
export type { HttpResponse } from "./http/exchange.js";
export { statusFailure, thrownFailure } from "./http/failure.js";
export {
  type HttpRequest,
  HttpTransport,
  type HttpTransportOptions,
} from "./http/http-transport.js";
export type { RouteOptions } from "./http/proxy.js";
export { proxyVariable } from "./http/proxy-variable.js";
export { type RetryAfterSource, retryAfterMs } from "./http/retry/retry-after.js";
export type { SocketOptions } from "./http/senders/connections.js";
export { sendByAgent, sendByReplacedHttp } from "./http/senders/node-sender.js";
export {
  type FetchLike,
  replacedFetch,
  sendByFetch,
  sendByReplacedFetch,
} from "./http/senders/replaced-fetch.js";
export type { Message, SendRequest, StreamedResponse } from "./http/senders/sender.js";
export type { StreamEvent } from "./http/stream/event-parser.js";
export { type EventStream, openEventStream } from "./http/stream/event-stream.js";
export type {
  EventStreamFailure,
  EventStreamOptions,
  EventStreamState,
} from "./http/stream/event-stream-options.js";
export {
  type FailedAttempt,
  failureDelayMs,
  firstDelayMs,
  type Pacing,
  steadyDelayMs,
} from "./source/backoff.js";
export { lifecyclePace } from "./source/lifecycle-pace.js";
export { type LastAttempt, type Pace, Pacer, type PacerPorts } from "./source/pacer.js";
