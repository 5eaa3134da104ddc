import type { Diagnostics, Facts } from "@sortition/core";
import { isThenable, messageOf, OncePerCause } from "@sortition/core/internal";

/** Report of a mistake of the caller: a sentence that names the mistake and its remedy. */
export interface MistakeReport {
  readonly message: string;
  readonly facts?: Facts;
}

/** Warnings and errors of an instance. Each cause is reported once per receiver. */
export class Reports {
  readonly #receiver: Receiver;
  readonly #reported: Reported;

  constructor(receiver: Diagnostics | undefined) {
    this.#receiver = receiver ?? CONSOLE;
    this.#reported = reportedTo(this.#receiver);
  }

  /** A problem that the library handles. */
  warn(message: string, facts?: Facts): void {
    this.#report("warn", message, facts);
  }

  /** A problem of the caller's code or of a payload. */
  error(message: string, cause?: unknown, facts?: Facts): void {
    const told = cause === undefined ? facts : { ...facts, reason: messageOf(cause) };
    this.#report("error", message, told);
  }

  /**
   * A mistake of the caller, once for each cause and key. After a hundred, no further ones are reported.
   *
   * @param cause - a constant, which is a fact beside the sentence.
   * @param key - of the feature that was asked for. JavaScript callers may pass anything.
   * @param describe - called only if the mistake is reported.
   */
  mistake(cause: string, key: unknown, describe: (name: string) => MistakeReport): void {
    const name = this.#reported.mistakes.first(cause, key);
    if (name === null) return;
    try {
      const { facts, message } = describe(name);
      this.#receiver.warn(message, { cause, ...facts });
    } catch {
      // A mistake costs the caller nothing but the answer.
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
      // There is nothing left to report it to.
    }
  }
}

function causeOf(message: string, facts: Facts): string {
  try {
    return JSON.stringify([message, facts]);
  } catch {
    return message; // a fact has no JSON form
  }
}

type Receiver = Pick<Diagnostics, "warn" | "error">;

/** Causes and mistakes that were reported to one receiver. */
interface Reported {
  readonly causes: Set<string>;
  readonly mistakes: OncePerCause;
}

const MAX_CAUSES = 1_000;
const MAX_KEY_LENGTH = 200;

/** stderr: stdout belongs to the user. */
const CONSOLE: Receiver = {
  warn: (message, facts) => write("warn", message, facts),
  error: (message, facts) => write("error", message, facts),
};

function write(level: "warn" | "error", message: string, facts: Facts | undefined): void {
  console[level](
    ...(facts === undefined ? [`sortition: ${message}`] : [`sortition: ${message}`, facts]),
  );
}

/** By receiver, since an instance per request must not report the same cause for each request. */
const REPORTED = new WeakMap<Receiver, Reported>();

function reportedTo(receiver: Receiver): Reported {
  const known = REPORTED.get(receiver);
  if (known !== undefined) return known;
  const nameOf = (key: unknown): string => messageOf(key).slice(0, MAX_KEY_LENGTH);
  const reported: Reported = { causes: new Set(), mistakes: new OncePerCause({ nameOf }) };
  REPORTED.set(receiver, reported);
  return reported;
}

/**
 * Calls user code. What it throws or rejects is reported as this problem, and goes no further.
 *
 * @param to - its reports are asked for with a failure.
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
