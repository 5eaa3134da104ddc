import type { CompileIssue, Configuration } from "../model/configuration.js";
import type { Clock } from "../runtime/clock.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import { runWhenIdle } from "../runtime/slices.js";

/**
 * Looks through a configuration in the background, so that every broken flag is told of although
 * nobody asked for it. No request pays for that, and no process is held.
 */
export class Inspection {
  readonly #clock: Clock;
  readonly #diagnostics: Diagnostics;
  #cancel = (): void => {};

  constructor(clock: Clock, diagnostics: Diagnostics) {
    this.#clock = clock;
    this.#diagnostics = diagnostics;
  }

  /** Looks through this one from now on, and no longer through the one before. */
  start(configuration: Configuration): void {
    this.#cancel();
    this.#cancel = runWhenIdle(configuration.inspect(), this.#clock, () => {
      this.#report(configuration.issues);
    });
  }

  #report(issues: readonly CompileIssue[]): void {
    const [first] = issues;
    if (first === undefined) return;
    const { path, message: problem } = first;
    this.#diagnostics.warn("configuration has issues", { found: issues.length, path, problem });
  }

  /** Stops looking. */
  stop(): void {
    this.#cancel();
  }
}
