import type { Diagnostics, Facts } from "@sortition/core";
import { isThenable, messageOf, OncePerCause, unknownFlagReport } from "@sortition/core/internal";
import type { FeatureDefinitions } from "../model/payload.js";

/** Reports warnings and errors of an instance, once per cause and receiver. */
export class Reports {
  readonly #receiver: Receiver;
  readonly #reported: Reported;

  constructor(receiver: Diagnostics | undefined) {
    this.#receiver = receiver ?? CONSOLE;
    this.#reported = reportedTo(this.#receiver);
  }

  /** Reports a problem that this package handles. */
  warn(message: string, facts?: Facts): void {
    this.#report("warn", message, facts);
  }

  /** Reports a problem in the caller's code or in a payload. */
  error(message: string, cause?: unknown, facts?: Facts): void {
    const told = cause === undefined ? facts : { ...facts, reason: messageOf(cause) };
    this.#report("error", message, told);
  }

  /**
   * Reports a feature that the payload does not have, once for each key, and at most a hundred of them.
   *
   * @param key - the requested feature. JavaScript callers may pass any value.
   * @param features - `undefined`: there is no payload.
   */
  missing(key: unknown, features: FeatureDefinitions | undefined): void {
    if (typeof key !== "string" || features === undefined || Object.hasOwn(features, key)) return;
    const cause = "unknown flag";
    const flagKey = this.#reported.mistakes.first(cause, key);
    if (flagKey === null) return;
    try {
      const { facts, message } = unknownFlagReport(key, new Set(Object.keys(features)));
      this.#receiver.warn(message, { cause, flagKey, ...facts });
    } catch {
      // A failed report must not break the evaluation.
    }
  }

  #report(level: "warn" | "error", message: string, facts: Facts | undefined): void {
    const reported = this.#reported.causes;
    try {
      const cause = facts === undefined ? message : causeOf(message, facts);
      if (reported.has(cause)) return;
      if (reported.size >= MAX_CAUSES) reported.clear();
      reported.add(cause);
      this.#receiver[level](message, facts);
    } catch {
      // There is no other place to report this failure.
    }
  }
}

function causeOf(message: string, facts: Facts): string {
  try {
    return JSON.stringify([message, facts]);
  } catch {
    return message; // a fact cannot be serialized
  }
}

type Receiver = Pick<Diagnostics, "warn" | "error">;

/** Causes and mistakes that were reported to one receiver. */
interface Reported {
  readonly causes: Set<string>;
  readonly mistakes: OncePerCause;
}

const MAX_CAUSES = 1_000;

/** Writes to stderr, because stdout belongs to the application. */
const CONSOLE: Receiver = {
  warn: (message, facts) => write("warn", message, facts),
  error: (message, facts) => write("error", message, facts),
};

function write(level: "warn" | "error", message: string, facts: Facts | undefined): void {
  console[level](
    ...(facts === undefined ? [`sortition: ${message}`] : [`sortition: ${message}`, facts]),
  );
}

/**
 * Stored per receiver, so that applications with an instance per request do not get the same report for each request.
 */
const REPORTED = new WeakMap<Receiver, Reported>();

function reportedTo(receiver: Receiver): Reported {
  const known = REPORTED.get(receiver);
  if (known !== undefined) return known;
  const reported: Reported = { causes: new Set(), mistakes: new OncePerCause() };
  REPORTED.set(receiver, reported);
  return reported;
}

/**
 * Calls user code. If it throws or rejects, the failure is reported as this problem and not propagated.
 *
 * @param to - its reports are read only if the call fails.
 */
export function guarded(
  problem: string,
  to: { readonly reports: Reports },
  call: () => unknown,
): unknown {
  const onError = (cause: unknown): void => to.reports.error(problem, cause);
  try {
    const returned = call();
    return isThenable(returned) ? returned.then(undefined, onError) : undefined;
  } catch (cause) {
    onError(cause);
    return undefined;
  }
}
