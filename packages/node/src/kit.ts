// Sources and their pacing

export { diskCachedSource } from "./disk/disk-cached-source.js";
export type { DiskCacheOptions } from "./disk/options.js";
export { httpOrigin } from "./http/http-origin.js";
export type { DialectOriginOptions, HttpOriginOptions } from "./http/origin-options.js";
export {
  type FailedAttempt,
  failureDelayMs,
  firstDelayMs,
  type Pacing,
  steadyDelayMs,
} from "./source/backoff.js";
export { lifecyclePace } from "./source/lifecycle-pace.js";
export { type LastAttempt, type Pace, Pacer, type PacerPorts } from "./source/pacer.js";
export { type PollingSourceOptions, pollingSource } from "./source/polling-source.js";

// Streams

export type { StreamEvent } from "./http/stream/event-parser.js";
export { type EventStream, openEventStream } from "./http/stream/event-stream.js";
export type {
  EventStreamFailure,
  EventStreamOptions,
  EventStreamState,
} from "./http/stream/event-stream-options.js";
export { linkOptions } from "./source/link-options.js";
export type {
  LostStream,
  OpenConnection,
  OpenHow,
  OpenReason,
  StreamLink,
  StreamNews,
  StreamPlan,
} from "./source/stream-plan.js";
export { streamedOrigin } from "./source/streamed-origin.js";
export { streamingSource } from "./source/streaming-source.js";
export { type FlagPatch, type FlagsPart, withFlag } from "./source/with-flag.js";
export { withPart } from "./source/with-part.js";

// Requests

export {
  type DeadlineOptions,
  type HttpResponse,
  type RetryAfterSource,
  retryAfterMs,
  statusFailure,
} from "@sortition/core/internal";
export { callAtExitWith } from "./exit-callbacks.js";
export { withAbortDeadline } from "./http/abort-deadline.js";
export type { HttpRequest } from "./http/exchange.js";
export { thrownFailure } from "./http/failure.js";
export { HttpTransport, type HttpTransportOptions } from "./http/http-transport.js";
export type { RouteOptions } from "./http/proxy.js";
export { proxyVariable } from "./http/proxy-variable.js";
export type { SocketOptions } from "./http/senders/connections.js";
export { sendByAgent, sendByReplacedHttp } from "./http/senders/node-sender.js";
export {
  type FetchLike,
  replacedFetch,
  sendByFetch,
  sendByReplacedFetch,
} from "./http/senders/replaced-fetch.js";
export type { Message, SendRequest, StreamedResponse } from "./http/senders/sender.js";
