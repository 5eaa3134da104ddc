export * from "@sortition/core";

// Clients

export { createClient } from "./client/create-client.js";
export type { ClientOptions, PollingClientOptions } from "./client/options.js";
export { shared } from "./client/shared.js";
export {
  type FlushableClient,
  installShutdownHooks,
  type ShutdownOptions,
} from "./client/shutdown-hooks.js";
export { getInstance, init } from "./client/singleton.js";
export { typed } from "./client/typed.js";

// Configurations and sources

export {
  Configuration,
  type ConfigurationInput,
  type EppoConfigurationInput,
} from "./client/configuration.js";
export { eppoHttpOrigin as httpOrigin } from "./client/eppo-origin.js";
export type { DiskCacheOptions } from "./disk/options.js";
export { type ConfigurationFiles, type FileSourceOptions, fileSource } from "./file/file-source.js";
export type { HttpOriginOptions } from "./http/origin-options.js";
export type { RouteOptions } from "./http/proxy.js";
export { type PollingSourceOptions, pollingSource } from "./source/polling-source.js";

// Loggers and exposures

export { csvLogger } from "./file-logger/csv-logger.js";
export type {
  FileFlushResult,
  FileLogger,
  FileLoggerOptions,
  FileLoggerStats,
} from "./file-logger/file-logger.js";
export { ndjsonLogger } from "./file-logger/ndjson-logger.js";

// Eppo

export {
  type AllocationEvaluation,
  type AllocationEvaluationCode,
  ContextAttributes,
  type EppoAssignmentEvent,
  type EppoAttributes,
  type EppoBanditEvent,
  type EppoEventMetadata,
  type EppoNodeBanditEvent,
  type EppoNodeLogger,
  type EvaluationDetails,
  eppo,
  type FlagEvaluationCode,
  withEppoNodeEventNames,
} from "@sortition/core/eppo";

// Precomputed flags

export {
  createPrecomputedClient,
  type PrecomputedBanditResult,
  type PrecomputedClient,
  type PrecomputedClientOptions,
  type PrecomputedCounters,
  type PrecomputedFlushResult,
  type PrecomputedStatus,
} from "@sortition/core/precomputed";
