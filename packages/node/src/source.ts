export { diskCachedSource } from "./disk/disk-cached-source.js";
export type { DiskCacheOptions } from "./disk/options.js";
export { httpOrigin } from "./http/http-origin.js";
export type { DialectOriginOptions, HttpOriginOptions } from "./http/origin-options.js";
export type { RouteOptions } from "./http/proxy.js";
export { RenewedEtags } from "./http/renewed-etags.js";
export { scopeOf } from "./http/scope.js";
export type { StreamEvent } from "./http/stream/event-parser.js";
export { linkOptions } from "./source/link-options.js";
export { type PollingSourceOptions, pollingSource } from "./source/polling-source.js";
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
