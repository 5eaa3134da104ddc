import type { JsonObject } from "./request.js";

export interface ResultFormat {
  /** The first line; `null`: none. */
  readonly head: string | null;
  /** A result as one line. */
  line(result: JsonObject): string;
  /** A line for the end of the run, about fields that were asked for and that no result has had; `null` if there were none. */
  missing(): string | null;
}

/** What says that there is no answer. Always written. */
const PROBLEMS: readonly string[] = ["error", "throws", "message"];

/** @param fields - those to write, in their order; `null`: all. */
export function jsonFormat(fields: readonly string[] | null): ResultFormat {
  if (fields === null) {
    return { head: null, line: (result) => JSON.stringify(result), missing: () => null };
  }
  const names = [...new Set([...fields, ...PROBLEMS])];
  const search = new FieldSearch(fields);
  return {
    head: null,
    line: (result) => {
      search.note(result);
      return JSON.stringify(
        Object.fromEntries(
          names.filter((name) => Object.hasOwn(result, name)).map((name) => [name, result[name]]),
        ),
      );
    },
    missing: () => search.summary(),
  };
}

/** A column for each field, and one that is empty unless there is no answer. */
export function csvFormat(fields: readonly string[]): ResultFormat {
  const names = [...new Set([...fields, "error"])];
  const search = new FieldSearch(fields);
  return {
    head: names.map(cellOf).join(","),
    line: (result) => {
      search.note(result);
      const problem = result["error"] ?? result["message"];
      return names.map((name) => cellOf(name === "error" ? problem : result[name])).join(",");
    },
    missing: () => search.summary(),
  };
}

/** Finds out which fields no result has. */
class FieldSearch {
  readonly #missing: Set<string>;
  readonly #present = new Set<string>();

  constructor(fields: readonly string[]) {
    this.#missing = new Set(fields.filter((name) => !PROBLEMS.includes(name)));
  }

  /** A result that is an error has no fields, which says nothing. */
  note(result: JsonObject): void {
    if (this.#missing.size === 0 || PROBLEMS.some((name) => Object.hasOwn(result, name))) return;
    for (const name of Object.keys(result)) {
      this.#missing.delete(name);
      this.#present.add(name);
    }
  }

  summary(): string | null {
    if (this.#missing.size === 0 || this.#present.size === 0) return null;
    const names = [...this.#missing].map((name) => JSON.stringify(name)).join(", ");
    return `--fields: no result has ${names}; results have ${[...this.#present].join(", ")}`;
  }
}

/** A string as it is, anything else as JSON; nothing for `null`. In quotes where CSV needs them (RFC 4180). */
function cellOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
