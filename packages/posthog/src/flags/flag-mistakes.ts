import { NetworkError, SortitionError } from "@sortition/core";
import { type Diagnostics, nearestName, OncePerCause } from "@sortition/core/internal";
import type { PosthogConfiguration } from "../dialect/configuration.js";

/** Reports mistakes of callers: each flag key and cause once, up to a limit. Never a distinct id. */
export class FlagMistakes {
  readonly #warn: Diagnostics["warn"];
  readonly #reported = new OncePerCause({ nameOf: String });

  constructor(warn: Diagnostics["warn"]) {
    this.#warn = warn;
  }

  /**
   * A flag that has no value, since neither the definitions nor the server have one of its key.
   *
   * @param configuration - the definitions in use; `null`: none were loaded.
   */
  missing(key: string, configuration: PosthogConfiguration | null): void {
    if (configuration === null) {
      this.#once("evaluated before ready", key, (name) => [
        `flag "${name}" evaluated before its definitions were loaded: await client.waitForLocalEvaluationReady() first`,
      ]);
    } else if (configuration.flag(key) === null) {
      this.#once("unknown flag", key, (name) => {
        const nearest = nearestName(name, configuration.flagKeys, Math.floor(name.length / 3));
        const hint =
          nearest === null
            ? `; the definitions have ${configuration.flagCount}, are they those of the right project?`
            : `, did you mean "${nearest}"?`;
        return [`no such flag "${name}"${hint}`, nearest === null ? {} : { nearest }];
      });
    }
  }

  /** A flag that the server's answer does not have. */
  notAnswered(key: string, flagKeys: readonly string[]): void {
    this.#once("unknown flag", key, (name) => {
      const nearest = nearestName(name, flagKeys, Math.floor(name.length / 3));
      if (nearest !== null)
        return [`no such flag "${name}", did you mean "${nearest}"?`, { nearest }];
      const hint = "is it active, and the project token that of its project?";
      return [`no such flag "${name}" in the server's answer: ${hint}`];
    });
  }

  /** The server did not evaluate flags. Errors of this family have no path, query or key in their messages. */
  notReceived(error: unknown): void {
    if (error instanceof NetworkError && error.cause === null) return; // ended by `shutdown`
    const reason = SortitionError.is(error) ? error.message : "the request failed";
    const cause = "flags not received";
    if (this.#reported.first(cause, reason) === null) return;
    this.#warn(`${cause}: ${reason}`, { cause });
  }

  distinctId(key: string, distinctId: unknown): void {
    if (typeof distinctId === "string" && distinctId !== "") return;
    this.#once("invalid distinct id", key, () => {
      if (distinctId instanceof Promise) return ["distinct id is a promise: await it"];
      const what = distinctId === "" ? "empty" : distinctId === null ? null : typeof distinctId;
      return [`distinct id is ${what}, not a string such as user.id`];
    });
  }

  /** @param describe - the sentence, and further facts. Called only if it is reported. */
  #once(
    cause: string,
    key: string,
    describe: (flagKey: string) => readonly [message: string, facts?: object],
  ): void {
    const flagKey = this.#reported.first(cause, key);
    if (flagKey === null) return;
    const [message, facts] = describe(flagKey);
    this.#warn(message, { cause, flagKey, ...facts });
  }
}
