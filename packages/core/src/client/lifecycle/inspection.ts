import { loadError } from "../../configuration/load.js";
import type { CompileIssue, Configuration } from "../../model/configuration.js";
import type { Steps } from "../../model/steps.js";
import type { Clock } from "../../runtime/clock.js";
import { type Diagnostics, SILENT_DIAGNOSTICS } from "../../runtime/diagnostics.js";
import { runWhenIdle } from "../../runtime/slices.js";

/**
 * Decodes a configuration in the background, so that broken flags are reported before they are
 * evaluated. No request pays for it, and no process is held.
 */
export class Inspection {
  readonly #clock: Clock;
  readonly #diagnostics: Diagnostics;
  /** Set while a configuration is inspected, and after. */
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, diagnostics: Diagnostics) {
    this.#clock = clock;
    this.#diagnostics = diagnostics;
  }

  /** Inspects this configuration from now on, and no longer the one before. Does not throw. */
  start(configuration: Configuration): void {
    this.stop();
    if (this.#diagnostics === SILENT_DIAGNOSTICS) return;
    this.#cancel = runWhenIdle(
      inspect(configuration),
      this.#clock,
      () => this.#report(configuration.issues),
      (cause) => this.#fail(cause),
    );
  }

  /** A dialect that throws here has already compiled the configuration, which goes on being served. */
  #fail(cause: unknown): void {
    const { code, message } = loadError(cause);
    this.#diagnostics.warn("configuration cannot be inspected", { code, reason: message });
  }

  #report(issues: readonly CompileIssue[]): void {
    const [first] = issues;
    if (first === undefined) return;
    const { path, message: problem } = first;
    this.#diagnostics.warn("configuration has issues", { found: issues.length, path, problem });
  }

  stop(): void {
    this.#cancel?.();
  }
}

/** In a generator of our own, so that a dialect's first call is made inside the guarded slice. */
function* inspect(configuration: Configuration): Steps<void> {
  yield* configuration.inspect();
}
