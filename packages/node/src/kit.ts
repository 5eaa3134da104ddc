// Sources and their pacing

export {
  type DialectOriginOptions,
  type DiskCacheOptions,
  diskCachedSource,
  type FailedAttempt,
  failureDelayMs,
  firstDelayMs,
  type HttpOriginOptions,
  httpOrigin,
  type LastAttempt,
  lifecyclePace,
  type Pace,
  Pacer,
  type PacerPorts,
  type Pacing,
  type PollingSourceOptions,
  pollingSource,
  steadyDelayMs,
} from "@sortition/node/internal";

// Streams

export {
  type EventStream,
  type EventStreamFailure,
  type EventStreamOptions,
  type EventStreamState,
  type FlagPatch,
  type FlagsPart,
  type LostStream,
  linkOptions,
  type OpenConnection,
  type OpenHow,
  type OpenReason,
  openEventStream,
  type StreamEvent,
  type StreamLink,
  type StreamNews,
  type StreamPlan,
  streamedOrigin,
  streamingSource,
  withFlag,
  withPart,
} from "@sortition/node/internal";

// Requests

export {
  type HttpResponse,
  type RetryAfterSource,
  retryAfterMs,
  statusFailure,
} from "@sortition/core/internal";
export {
  callAtExitWith,
  type DeadlineOptions,
  type FetchLike,
  type HttpRequest,
  HttpTransport,
  type HttpTransportOptions,
  type Message,
  proxyVariable,
  type RouteOptions,
  replacedFetch,
  type SendRequest,
  type SocketOptions,
  type StreamedResponse,
  sendByAgent,
  sendByFetch,
  sendByReplacedFetch,
  sendByReplacedHttp,
  thrownFailure,
  withAbortDeadline,
} from "@sortition/node/internal";
