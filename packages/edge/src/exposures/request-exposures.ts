import {
  type AssignmentLogger,
  type ClientEnding,
  type Clock,
  claimReceipt,
  type Diagnostics,
  type FlushResult,
  httpStatusOf,
  messageOf,
  plainCopy,
  SortitionError,
  withDeadline,
} from "@sortition/core/internal";
import { type Batch, createCounts, type DropReason, type Ledger } from "./ledger.js";
import type { RequestWork } from "./request-work.js";
import type { EdgeExposure, SendExposures, SendResult } from "./send.js";

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
  readonly #counts = createCounts();

  constructor(ports: ExposurePorts, work: RequestWork) {
    this.#ports = ports;
    this.#work = work;
  }

  /** Waits until this request's exposures are sent. Never rejects. */
  async flush(timeoutMs: number): Promise<FlushResult> {
    const { clock, flushTimeoutMs } = this.#ports;
    const counts = this.#counts;
    const before = { delivered: counts.delivered, lost: counts.lost, underWay: counts.waiting };
    await this.#work.settled(clock, Math.min(timeoutMs, flushTimeoutMs));
    const { underWay } = before;
    const delivered = counts.delivered - before.delivered;
    const dropped = counts.lost - before.lost;
    const pending = Math.max(0, underWay - delivered - dropped);
    const result = { underWay, delivered, failed: 0, dropped, pending };
    const { accepted, delivered: all, lost, waiting } = counts;
    const totals = { accepted, delivered: all, dropped: lost, failed: 0, pending: waiting };
    const isOk = pending === 0;
    const loggers = [{ name: NAME, ok: isOk, ...result }];
    return Object.freeze({ ...result, timedOut: !isOk, totals, loggers });
  }

  /** Same as {@link flush}, because the isolate continues. */
  close(timeoutMs: number): Promise<FlushResult> {
    return this.flush(timeoutMs);
  }

  #collect({ event, kind }: EdgeExposure): void {
    const receipt = claimReceipt();
    // Copied, because the caller may change attributes before the next turn.
    const { value } = plainCopy(event);
    const { clock, flushTimeoutMs, ledger } = this.#ports;
    const isFirst = this.#batch === null;
    this.#batch ??= ledger.open(flushTimeoutMs + GRACE_MS, this.#work.isKept, this.#counts);
    // The copy has the shape of the event, except for members that JSON cannot express.
    const exposure = { kind, event: value } as unknown as EdgeExposure;
    ledger.add(this.#batch, exposure, receipt);
    if (isFirst) this.#work.keep(this.#sendNextTurn(this.#batch, clock));
  }

  async #sendNextTurn(batch: Batch, clock: Clock): Promise<void> {
    const { diagnostics, flushTimeoutMs: timeoutMs, ledger, send } = this.#ports;
    const { exposures } = batch;
    try {
      const losses = await withDeadline({ clock, timeoutMs }, async (signal) => {
        await nextTurn(clock);
        this.#batch = null;
        return lossesIn(await send(exposures, { signal }));
      });
      ledger.settle(batch, "delivered", losses);
      for (const reason of ["refused", "failed"] as const) {
        const count = [...losses.values()].filter((it) => it === reason).length;
        if (count > 0)
          warn(diagnostics, reason, count, "the receiver accepted others of the request");
      }
    } catch (error) {
      const reason = reasonOf(error);
      ledger.settle(batch, reason);
      warn(diagnostics, reason, exposures.length, messageOf(error));
    }
  }
}

function warn(diagnostics: Diagnostics, dropped: DropReason, count: number, reason: string): void {
  const facts = { cause: `exposures ${dropped}`, dropped, count, reason };
  diagnostics.warn("exposures dropped: they could not be sent", facts);
}

/** Returns the exposures that were lost although others were delivered. */
function lossesIn(result: unknown): ReadonlyMap<EdgeExposure, "refused" | "failed"> {
  // Users' functions may return anything, such as a response with a member of the same name.
  const { failed, refused } = { ...(result as SendResult | null | undefined) };
  const losses = new Map<EdgeExposure, "refused" | "failed">();
  if (Array.isArray(failed)) for (const it of failed) losses.set(it, "failed");
  if (Array.isArray(refused)) for (const it of refused) losses.set(it, "refused");
  return losses;
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
