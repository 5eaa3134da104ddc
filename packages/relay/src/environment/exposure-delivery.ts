import type { Client, Diagnostics } from "@sortition/node";
import type { ExposureLog, LoggerChange } from "./exposure-log.js";
import type { LoggerSlot } from "./logger-slot.js";
import type { SharedLoggers } from "./shared-loggers.js";

/** Short, because the loggers are closed before the client. */
const CLIENT_CLOSE_MS = 500;
/** How long a removed logger may take to receive the exposures that wait for Redis. */
const REMOVED_MS = 4_500;

/** Parts of an environment that deliver its exposures. */
export interface ExposureDeliveryParts {
  readonly client: Client<object>;
  readonly exposures: ExposureLog;
  /** `null` without Redis. */
  readonly shared: SharedLoggers | null;
  readonly namespace: string | undefined;
  readonly diagnostics: Diagnostics;
}

/** Delivers the exposures of an environment to its loggers, directly or through Redis. */
export class ExposureDelivery {
  readonly #parts: ExposureDeliveryParts;
  readonly #ending = new AbortController();

  constructor(parts: ExposureDeliveryParts) {
    this.#parts = parts;
  }

  /**
   * Whether to accept a request with exposures. Counts refusals.
   *
   * @param kind - evaluations go on while a file cannot be written. Pages can report exposures again later, unless Redis
   *   keeps them for the file.
   */
  admits(kind: "evaluation" | "report"): boolean {
    const { exposures, shared } = this.#parts;
    const isAdmitted =
      shared === null ? kind === "evaluation" || exposures.admitsReport() : shared.hasRoom;
    if (!isAdmitted) exposures.refused += 1;
    return isAdmitted;
  }

  /** Limits the size of the exposures of one logger that wait for Redis. */
  set maxWaitingBytes(bytes: number) {
    if (this.#parts.shared !== null) this.#parts.shared.maxBytes = bytes;
  }

  /**
   * Logs to these loggers from now on.
   *
   * @param drain - see {@link LoggerChange.apply}. Default: delivers what Redis has for loggers that are removed.
   */
  use(loggers: LoggerChange, drain: Parameters<LoggerChange["apply"]>[0] = this.#remove): void {
    const { client, shared } = this.#parts;
    const slots: readonly LoggerSlot[] = loggers.apply(drain);
    const used = shared?.use(slots) ?? slots;
    client.setAssignmentLogger(used.length === 0 ? null : used);
  }

  /**
   * Delivers what Redis has for loggers that nobody would deliver to any more, and stops the client meanwhile.
   *
   * @param isKept - whether another environment delivers a logger's exposures from the same place in Redis.
   * @param signal - gives up when it is aborted.
   */
  async drain(isKept: (logger: string) => boolean, signal: AbortSignal): Promise<void> {
    const { client, shared } = this.#parts;
    const left = shared?.slots.filter(({ name }) => !isKept(name));
    if (left === undefined || left.length === 0) return;
    await client.flush({ timeoutMs: CLIENT_CLOSE_MS });
    client.setAssignmentLogger(null);
    await client.close({ timeoutMs: CLIENT_CLOSE_MS });
    await this.#drain(left, signal);
  }

  /**
   * Passes all exposures to the loggers, which stay open, and closes the client.
   *
   * @param timeoutMs - time limit for exposures that wait for Redis.
   */
  async close(timeoutMs: number): Promise<void> {
    this.#ending.abort();
    // First, because without Redis the client's flush would use up the whole time.
    await this.#parts.shared?.close(timeoutMs);
    await this.#parts.client.close({ timeoutMs: CLIENT_CLOSE_MS });
  }

  readonly #remove = async (removed: readonly LoggerSlot[]): Promise<void> => {
    await this.#parts.client.flush({ timeoutMs: CLIENT_CLOSE_MS });
    const unused = await this.#drain(removed, this.#ending.signal);
    await this.#parts.shared?.close(REMOVED_MS, unused);
  };

  /** Resolves to the slots that nothing is logged to still. */
  async #drain(slots: readonly LoggerSlot[], signal: AbortSignal): Promise<readonly LoggerSlot[]> {
    const { diagnostics, namespace, shared } = this.#parts;
    const drained = (await shared?.drain(slots, signal)) ?? new Map<LoggerSlot, number>();
    for (const [{ name }, count] of drained) {
      const facts = { namespace, logger: name, count };
      if (count > 0) diagnostics.warn("exposures of a former logger stay in Redis", facts);
    }
    return [...drained.keys()];
  }
}
