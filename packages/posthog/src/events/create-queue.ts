import type { Diagnostics } from "@sortition/core";
import { type Clock, messageOf } from "@sortition/core/internal";
import type { Requester } from "../http/requester.js";
import type { CaptureClientOptions } from "./capture-client-options.js";
import { CaptureQueue } from "./capture-queue.js";
import type { Emitter } from "./emitter.js";
import type { CapturedEvent } from "./event.js";
import { LIBRARY, LIBRARY_VERSION } from "./fields/library.js";

const MAX_QUEUE_BYTES = 32 * 1024 * 1024;

export interface QueueParts {
  readonly host: string;
  readonly apiKey: string;
  readonly options: CaptureClientOptions;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  readonly emitter: Emitter;
  readonly request: Requester;
}

export function createQueue(parts: QueueParts): CaptureQueue {
  const { apiKey, clock, diagnostics, emitter, host, options, request } = parts;
  const { flushAt = 20, maxBatchSize = 100, maxQueueSize = 10_000 } = options;
  const isSingle = options.syncMode === true;
  let delivered: CapturedEvent[] = [];
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
    {
      clock,
      diagnostics,
      request,
      onFailed(error, events) {
        emitter.emit("error", error);
        try {
          options.onError?.(error, events());
        } catch (cause) {
          diagnostics.warn("onError failed", { reason: messageOf(cause) });
        }
      },
      onDelivered(events) {
        if (emitter.hasListeners("flush")) delivered.push(...events());
      },
      onFlushed(isWhole) {
        if (isWhole && delivered.length > 0) emitter.emit("flush", delivered);
        delivered = [];
      },
    },
  );
}
