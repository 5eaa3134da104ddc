import { NetworkError, SortitionError } from "@sortition/core";
import { type Diagnostics, nearestName, OncePerCause } from "@sortition/core/internal";
import type { PosthogConfiguration } from "../dialect/configuration.js";

/** Reports mistakes of callers, once per flag key and cause, up to a limit. Reports never contain a distinct id, unless it is the key of a flag. */
export class FlagMistakes {
  readonly #warn: Diagnostics["warn"];
  readonly #reported = new OncePerCause({ nameOf: String });

  constructor(warn: Diagnostics["warn"]) {
    this.#warn = warn;
  }

  /**
   * Reports a flag without a value, because neither the definitions nor the server know its key.
   *
   * @param distinctId - of the call. It may be the key of a flag, if the arguments are swapped.
   * @param configuration - the current definitions, or `null` if none were loaded.
   */
  missing(key: string, distinctId: string, configuration: PosthogConfiguration | null): void {
    if (configuration === null) {
      this.#once("evaluated before ready", key, (name) => [
        `flag "${name}" evaluated before its definitions were loaded: await client.waitForLocalEvaluationReady() first`,
      ]);
    } else if (configuration.flag(key) === null && configuration.flag(distinctId) !== null) {
      this.#once("unknown flag", key, (name) => [
        `no such flag "${name}", but "${distinctId}" is a flag: write (key, distinctId)`,
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

  /** Reports a flag that is missing in the server's response. */
  notAnswered(key: string, flagKeys: readonly string[]): void {
    this.#once("unknown flag", key, (name) => {
      const nearest = nearestName(name, flagKeys, Math.floor(name.length / 3));
      if (nearest !== null)
        return [`no such flag "${name}", did you mean "${nearest}"?`, { nearest }];
      const hint = "is it active, and does the project token belong to its project?";
      return [`no such flag "${name}" in the server's response: ${hint}`];
    });
  }

  /** Reports a call that only wants local results from a client without definitions. */
  neverLocal(): void {
    if (this.#reported.first("no definitions", "") === null) return;
    this.#warn(
      "onlyEvaluateLocally: the client has no definitions: pass secretKey (phx_… or phs_…)",
    );
  }

  /** Reports that the server did not evaluate flags. The messages of our own errors contain no path, query or key. */
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

  /** @param describe - returns the sentence and further facts. Called only if the mistake is reported. */
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
