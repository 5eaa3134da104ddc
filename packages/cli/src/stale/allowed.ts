import { FileError } from "../errors.js";
import { FINDING_KINDS, type Finding } from "./finding.js";

/** The findings that a file allows. */
export class Allowed {
  /** Line numbers of the entries that no finding has matched, by `KIND KEY`. */
  readonly #unused = new Map<string, number>();
  readonly #entries = new Set<string>();

  /** @throws FileError with the number of a line that lacks a kind or a key. */
  constructor(name: string, text: string) {
    for (const [index, raw] of text.split(/\r?\n/).entries()) {
      const line = raw.trim();
      if (line === "" || line.startsWith("#")) continue;
      const [, kind = "", key = ""] = /^(\S+)\s+(.+)$/.exec(line) ?? [];
      if (!FINDING_KINDS.some((it) => it === kind)) {
        const kinds = FINDING_KINDS.join(", ");
        throw new FileError(
          `${name}: line ${index + 1}: expected KIND KEY, where KIND is one of ${kinds}, got ${JSON.stringify(line)}`,
        );
      }
      this.#entries.add(`${kind} ${key}`);
      this.#unused.set(`${kind} ${key}`, index + 1);
    }
  }

  has({ flag, kind }: Finding): boolean {
    const entry = `${kind} ${flag}`;
    this.#unused.delete(entry);
    return this.#entries.has(entry);
  }

  /** Entries that no finding has matched, with their line numbers. */
  get unused(): ReadonlyMap<string, number> {
    return this.#unused;
  }
}
