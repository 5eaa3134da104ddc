import {
  type AssignmentLogger,
  type ClientEnding,
  type Clock,
  type Diagnostics,
  type FlushResult,
  httpStatusOf,
  messageOf,
  plainCopy,
  SortitionError,
  withDeadline,
} from "@sortition/core/internal";
import type { Batch, DropReason, Ledger } from "./ledger.js";
import type { RequestWork } from "./request-work.js";
import type { EdgeExposure, SendExposures } from "./send.js";

/** Dependencies shared by the requests of an isolate. */
export interface ExposurePorts {
  readonly ledger: Ledger;
  readonly send: SendExposures;
  readonly flushTimeoutMs: number;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
}

/** Logger name in results and counters. */
const NAME = "edge";
/** How long after its deadline a request is assumed to have ended. */
const GRACE_MS = 500;

/**
 * The exposures of one request. Those logged in one turn are sent together in the next turn. Its logger takes each event
 * immediately, so that the client holds nothing that belongs to the request.
 */
export class RequestExposures implements ClientEnding {
  /** Receives what the request logs. */
  readonly logger: AssignmentLogger = {
    name: NAME,
    logAssignment: (event) => this.#collect({ kind: "assignment", event }),
    logBanditAction: (event) => this.#collect({ kind: "bandit", event }),
  };
  readonly #ports: ExposurePorts;
  readonly #work: RequestWork;
  #batch: Batch | null = null;
  #counts = { accepted: 0, delivered: 0, dropped: 0 };

  constructor(ports: ExposurePorts, work: RequestWork) {
    this.#ports = ports;
    this.#work = work;
  }

  /** Waits until this request's exposures are sent. Never rejects. */
  async flush(timeoutMs: number): Promise<FlushResult> {
    const { clock, flushTimeoutMs } = this.#ports;
    const before = { ...this.#counts };
    await this.#work.settled(clock, Math.min(timeoutMs, flushTimeoutMs));
    const { accepted } = before;
    const delivered = this.#counts.delivered - before.delivered;
    const dropped = this.#counts.dropped - before.dropped;
    const underWay = accepted - before.delivered - before.dropped;
    const pending = Math.max(0, underWay - delivered - dropped);
    const counts = { underWay, delivered, failed: 0, dropped, pending };
    const all = this.#counts;
    const totals = {
      ...all,
      failed: 0,
      pending: all.accepted - all.delivered - all.dropped,
    };
    const isOk = pending === 0;
    const loggers = [{ name: NAME, ok: isOk, ...counts }];
    return Object.freeze({ ...counts, timedOut: !isOk, totals, loggers });
  }

  /** Same as {@link flush}, because the isolate continues. */
  close(timeoutMs: number): Promise<FlushResult> {
    return this.flush(timeoutMs);
  }

  #collect({ event, kind }: EdgeExposure): void {
    // Copied, because the caller may change attributes before the next turn.
    const { value } = plainCopy(event);
    const { clock, flushTimeoutMs, ledger } = this.#ports;
    const isFirst = this.#batch === null;
    this.#batch ??= ledger.open(flushTimeoutMs + GRACE_MS, this.#work.isKept);
    this.#counts.accepted += 1;
    // The copy has the shape of the event, except for members that JSON cannot express.
    const exposure = { kind, event: value } as unknown as EdgeExposure;
    if (!ledger.add(this.#batch, exposure)) this.#counts.dropped += 1;
    if (isFirst) this.#work.keep(this.#sendNextTurn(this.#batch, clock));
  }

  async #sendNextTurn(batch: Batch, clock: Clock): Promise<void> {
    const { diagnostics, flushTimeoutMs: timeoutMs, ledger, send } = this.#ports;
    const { exposures } = batch;
    try {
      await withDeadline({ clock, timeoutMs }, async (signal) => {
        await nextTurn(clock);
        this.#batch = null;
        await send(exposures, { signal });
      });
      this.#counts.delivered += exposures.length;
      ledger.settle(batch, "delivered");
    } catch (error) {
      this.#counts.dropped += exposures.length;
      const reason = reasonOf(error);
      ledger.settle(batch, reason);
      const facts = {
        cause: `exposures ${reason}`,
        dropped: reason,
        count: exposures.length,
        reason: messageOf(error),
      };
      diagnostics.warn("exposures dropped: they could not be sent", facts);
    }
  }
}

/** Uses a timer, because every platform treats timers as work of the request. */
function nextTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.setTimer(resolve, 0, { holdsProcess: true }));
}

function reasonOf(error: unknown): DropReason {
  if (!SortitionError.is(error)) return "failed";
  const status = httpStatusOf(error);
  if (status !== null && status < 500) return "refused";
  return error.code === "SORTITION_TIMEOUT" ? "timeout" : "failed";
}
