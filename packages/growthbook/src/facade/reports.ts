import type { Diagnostics, Facts } from "@sortition/core/client";

/** Warnings and errors of an instance. Each cause is reported once per receiver. */
export class Reports {
  readonly #receiver: Receiver;
  readonly #reported: Set<string>;

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
    this.#report(
      "error",
      message,
      cause === undefined ? facts : { ...facts, reason: textOf(cause) },
    );
  }

  #report(level: "warn" | "error", message: string, facts: Facts | undefined): void {
    const reported = this.#reported;
    const cause = facts === undefined ? message : JSON.stringify([message, facts]);
    if (reported.has(cause)) return;
    if (reported.size >= MAX_CAUSES) reported.clear();
    reported.add(cause);
    try {
      this.#receiver[level](message, facts);
    } catch {
      // There is nothing left to report it to.
    }
  }
}

type Receiver = Pick<Diagnostics, "warn" | "error">;

const MAX_CAUSES = 1_000;

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
const REPORTED = new WeakMap<Receiver, Set<string>>();

function reportedTo(receiver: Receiver): Set<string> {
  const known = REPORTED.get(receiver);
  if (known !== undefined) return known;
  const reported = new Set<string>();
  REPORTED.set(receiver, reported);
  return reported;
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Calls user code. What it throws or rejects is reported, and goes no further. */
export function guarded(call: () => unknown, onError: (cause: unknown) => void): unknown {
  try {
    const returned = call();
    if (!isThenable(returned)) return undefined;
    return returned.then(undefined, onError);
  } catch (cause) {
    onError(cause);
    return undefined;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  // The user's value: a thenable is known by its method only.
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
