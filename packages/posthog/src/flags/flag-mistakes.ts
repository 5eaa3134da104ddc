import { NetworkError, SortitionError } from "@sortition/core";
import { type Diagnostics, OncePerCause, unknownFlagReport } from "@sortition/core/internal";
import type { PosthogConfiguration } from "../dialect/configuration.js";

/** Reports unknown flags and failed requests, once each, up to a limit. Reports never contain a distinct id. */
export class FlagMistakes {
  readonly #warn: Diagnostics["warn"];
  readonly #reported = new OncePerCause();

  constructor(warn: Diagnostics["warn"]) {
    this.#warn = warn;
  }

  /** Reports a flag that the definitions do not have. */
  unknown(key: string, { flagKeys }: PosthogConfiguration): void {
    const cause = "unknown flag";
    if (flagKeys.has(key) || this.#reported.first(cause, key) === null) return;
    const { facts, message } = unknownFlagReport(key, flagKeys);
    this.#warn(message, { cause, flagKey: key, ...facts });
  }

  /** Reports that the server did not evaluate flags. The messages of our own errors contain no path, query or key. */
  notReceived(error: unknown): void {
    if (error instanceof NetworkError && error.cause === null) return; // ended by `shutdown`
    const reason = SortitionError.is(error) ? error.message : "the request failed";
    const cause = "flags not received";
    if (this.#reported.first(cause, reason) === null) return;
    this.#warn(`${cause}: ${reason}`, { cause });
  }
}
