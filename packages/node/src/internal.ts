export {
  type DeadlineOptions,
  type HttpResponse,
  RenewedEtags,
  retryAfterMs,
  scopeOf,
  statusFailure,
} from "@sortition/core/internal";
export { diskCachedSource } from "./disk/disk-cached-source.js";
export { checkDiskCache, type DiskCacheOptions } from "./disk/options.js";
export { callAtExitWith } from "./exit-callbacks.js";
export { succeedingNdjsonLogger } from "./file-logger/ndjson-logger.js";
export { withAbortDeadline } from "./http/abort-deadline.js";
export { thrownFailure } from "./http/failure.js";
export { httpOrigin } from "./http/http-origin.js";
export {
  type HttpRequest,
  HttpTransport,
  type HttpTransportOptions,
} from "./http/http-transport.js";
export {
  connectionOf,
  connectionReaders,
  type DialectOriginOptions,
  type HttpOriginOptions,
  originReaders,
  streamConnectionOf,
} from "./http/origin-options.js";
export { type RouteOptions, readProxy } from "./http/proxy.js";
export { proxyVariable } from "./http/proxy-variable.js";
export { type Connections, loadConnector, type SocketOptions } from "./http/senders/connections.js";
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
export { processWide } from "./process-wide.js";
export {
  type FailedAttempt,
  failureDelayMs,
  firstDelayMs,
  type Pacing,
  steadyDelayMs,
} from "./source/backoff.js";
export { lifecyclePace } from "./source/lifecycle-pace.js";
export { linkOptions } from "./source/link-options.js";
export { type LastAttempt, type Pace, Pacer, type PacerPorts } from "./source/pacer.js";
export {
  type PollingSourceOptions,
  pollingReaders,
  pollingSource,
} from "./source/polling-source.js";
export { StreamKeeper, type StreamKeeperPorts } from "./source/stream-keeper.js";
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
export { vendorSource } from "./source/vendor-source.js";
export { type FlagPatch, type FlagsPart, withFlag } from "./source/with-flag.js";
export { withPart } from "./source/with-part.js";
