import type { CaptureClientOptions } from "./capture-client-options.js";
import { type CapturePorts, CaptureQueue } from "./capture-queue.js";
import { LIBRARY, LIBRARY_VERSION } from "./fields/library.js";

const MAX_QUEUE_BYTES = 32 * 1024 * 1024;

export interface QueueParts extends CapturePorts {
  readonly host: string;
  readonly apiKey: string;
  readonly options: CaptureClientOptions;
}

export function createQueue(parts: QueueParts): CaptureQueue {
  const { apiKey, host, options } = parts;
  const { flushAt = 20, maxBatchSize = 100, maxQueueSize = 10_000 } = options;
  const isSingle = options.syncMode === true;
  return new CaptureQueue(
    {
      host,
      projectToken: apiKey,
      flushAt: isSingle ? 1 : flushAt,
      flushIntervalMs: options.flushInterval ?? 5_000,
      maxBatchSize: isSingle ? 1 : Math.max(flushAt, maxBatchSize),
      maxQueueSize: Math.max(flushAt, maxQueueSize),
      maxQueueBytes: MAX_QUEUE_BYTES,
      retries: options.fetchRetryCount ?? 3,
      retryDelayMs: options.fetchRetryDelay ?? 3_000,
      requestTimeoutMs: options.requestTimeout ?? 10_000,
      isCompressed: options.disableCompression !== true,
      isHistorical: options.historicalMigration === true,
      isSent: options.send !== false,
      userAgent: `${LIBRARY}/${LIBRARY_VERSION}`,
    },
    parts,
  );
}
