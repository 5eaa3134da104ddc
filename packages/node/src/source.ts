export { diskCachedSource } from "./disk/disk-cached-source.js";
export type { DiskCacheOptions } from "./disk/options.js";
export { httpOrigin } from "./http/http-origin.js";
export type { DialectOriginOptions, HttpOriginOptions } from "./http/origin-options.js";
export type { RouteOptions } from "./http/proxy.js";
export { type PollingSourceOptions, pollingSource } from "./polling/polling-source.js";
