import type { CliDialect, OpenConfiguration } from "../dialects/dialect.js";
import type { JsonObject } from "../evaluate/request.js";
import { nearText } from "../near.js";
import { count, countText } from "../text/values.js";

/** Maximum number of flags to remember and to name, because a run may have any length. */
const MAX_REMEMBERED = 10_000;
const MAX_NAMED = 3;

/** Counts the requests for flags that the configuration does not contain. */
export class MissingFlags {
  readonly #dialect: CliDialect;
  readonly #opened: OpenConfiguration;
  readonly #isThere = new Map<string, boolean>();
  readonly #counts = new Map<string, number>();
  #requests = 0;

  constructor(dialect: CliDialect, opened: OpenConfiguration) {
    this.#dialect = dialect;
    this.#opened = opened;
  }

  note(request: JsonObject): void {
    let isMissing = false;
    for (const flag of this.#dialect.flagsOf(request)) {
      if (typeof flag !== "string" || this.#has(flag)) continue;
      isMissing = true;
      const known = this.#counts.get(flag);
      if (known === undefined && this.#counts.size >= MAX_REMEMBERED) continue;
      this.#counts.set(flag, (known ?? 0) + 1);
    }
    if (isMissing) this.#requests += 1;
  }

  /** Returns a message for the end of the run; `null` if there were no such requests. */
  summary(): string | null {
    if (this.#requests === 0) return null;
    const { flagKeys } = this.#opened.configuration;
    const named = [...this.#counts].sort(([, a], [, b]) => b - a).slice(0, MAX_NAMED);
    const texts = named.map(
      ([flag, n]) => `${JSON.stringify(flag)} (${count(n)})${nearText(flag, flagKeys)}`,
    );
    const more = this.#counts.size - named.length;
    const rest = more === 0 ? "" : ` and ${count(more)} more`;
    return `${countText(this.#requests, "request")} for unknown flags: ${texts.join("; ")}${rest}`;
  }

  #has(flag: string): boolean {
    const known = this.#isThere.get(flag);
    if (known !== undefined) return known;
    const isThere = this.#dialect.explainer.payloadKey(this.#opened.configuration, flag) !== null;
    if (this.#isThere.size < MAX_REMEMBERED) this.#isThere.set(flag, isThere);
    return isThere;
  }
}
