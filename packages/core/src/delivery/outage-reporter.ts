import { HttpStatusError, SortitionError } from "../errors/errors.js";
import type { Clock } from "../runtime/clock.js";
import type { Diagnostics, Facts } from "../runtime/diagnostics.js";

interface Outage {
  readonly sinceMs: number;
  /** Failed deliveries so far. */
  failed: number;
  /** For the comparison with the next one: a library may report a failed request once for each of its events. */
  lastError: unknown;
}

/**
 * Reports that deliveries of a logger fail: once after the first failure, and once when a delivery
 * succeeds again.
 */
export class OutageReporter {
  readonly #logger: string;
  readonly #clock: Clock;
  readonly #diagnostics: Diagnostics;
  #outage: Outage | null = null;

  /** @param logger - its name in the diagnostics. */
  constructor(logger: string, clock: Clock, diagnostics: Diagnostics) {
    this.#logger = logger;
    this.#clock = clock;
    this.#diagnostics = diagnostics;
  }

  /** Whether the last delivery failed. */
  get isFailing(): boolean {
    return this.#outage !== null;
  }

  /** Notes a failed delivery. The same error object, given several times in a row, counts once. */
  failed(error: unknown): void {
    const outage = this.#outage;
    if (outage === null) {
      this.#outage = { sinceMs: this.#clock.monotonicMs(), failed: 1, lastError: error };
      const facts = { logger: this.#logger, failed: 1, ...causeOf(error), ...reasonOf(error) };
      this.#diagnostics.warn("delivery fails", facts);
    } else if (outage.lastError !== error) {
      outage.failed += 1;
      outage.lastError = error;
    }
  }

  /** Notes a delivery that succeeded. */
  succeeded(): void {
    const outage = this.#outage;
    if (outage === null) return;
    this.#outage = null;
    this.#diagnostics.info("delivery works again", {
      logger: this.#logger,
      failed: outage.failed,
      outageMs: this.#clock.monotonicMs() - outage.sinceMs,
    });
  }
}

/** Facts about a failed delivery, from the errors of this package, of `fetch` and of axios. */
function causeOf(error: unknown): Facts {
  const httpStatus =
    numberOf(error, "httpStatus") ?? numberOf(memberOf(error, "response"), "status");
  if (httpStatus !== null) return { code: new HttpStatusError(httpStatus, null).code, httpStatus };
  const own = SortitionError.is(error) ? error.code : null;
  const outer = own === null ? memberOf(error, "code") : null;
  // 20 and 23 are the codes of an AbortError and a TimeoutError: libraries abort what takes too long.
  const systemCode = outer ?? memberOf(memberOf(error, "cause"), "code");
  return typeof systemCode === "string"
    ? { code: own ?? "SORTITION_NETWORK", systemCode }
    : { code: own ?? (outer === 20 || outer === 23 ? "SORTITION_TIMEOUT" : "SORTITION_LOGGER") };
}

/** The message of an error of this package, which has no secrets. That of a library may contain its URL. */
function reasonOf(error: unknown): Facts {
  return SortitionError.is(error) ? { reason: error.message } : {};
}

function numberOf(value: unknown, name: string): number | null {
  const member = memberOf(value, name);
  return typeof member === "number" ? member : null;
}

function memberOf(value: unknown, name: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  } catch {
    return undefined; // a getter of a foreign error threw
  }
}
