export { RenewedEtags, scopeOf } from "@sortition/core/internal";
export { checkDiskCache } from "./disk/options.js";
export { succeedingNdjsonLogger } from "./file-logger/ndjson-logger.js";
export {
  connectionOf,
  connectionReaders,
  originReaders,
  streamConnectionOf,
} from "./http/origin-options.js";
export { readProxy } from "./http/proxy.js";
export { type Connections, loadConnector } from "./http/senders/connections.js";
export * from "./kit.js";
export { processWide } from "./process-wide.js";
export { pollingReaders } from "./source/polling-source.js";
export { StreamKeeper, type StreamKeeperPorts } from "./source/stream-keeper.js";
export { vendorSource } from "./source/vendor-source.js";
