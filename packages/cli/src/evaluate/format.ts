import type { JsonObject } from "./request.js";

export interface ResultFormat {
  /** The first line; `null`: none. */
  readonly head: string | null;
  /** A result as one line. */
  line(result: JsonObject): string;
  /** Requested fields that no result has had so far. */
  readonly missing: ReadonlySet<string>;
}

/** The requested format. */
export interface FormatOptions {
  readonly isCsv: boolean;
  /** `null`: all, of CSV `id` and `value`. */
  readonly fields: readonly string[] | null;
}

export function formatOf({ fields, isCsv }: FormatOptions): ResultFormat {
  return isCsv ? csvFormat(fields ?? ["id", "value"]) : jsonFormat(fields);
}

/** What says that there is no answer. Always written. */
const PROBLEMS: readonly string[] = ["error", "throws", "message"];

/** @param fields - those to write, in their order; `null`: all. */
export function jsonFormat(fields: readonly string[] | null): ResultFormat {
  const missing = new Set(fields);
  if (fields === null) return { head: null, line: (result) => JSON.stringify(result), missing };
  const names = [...new Set([...fields, ...PROBLEMS])];
  return {
    head: null,
    line: (result) => {
      const present = names.filter((name) => Object.hasOwn(result, name));
      for (const name of present) missing.delete(name);
      return JSON.stringify(Object.fromEntries(present.map((name) => [name, result[name]])));
    },
    missing,
  };
}

/** A column for each field, and one that is empty unless there is no answer. */
export function csvFormat(fields: readonly string[]): ResultFormat {
  const names = [...new Set([...fields, "error"])];
  const missing = new Set(fields);
  return {
    head: names.map(cellOf).join(","),
    line: (result) => {
      const problem = result["error"] ?? result["message"];
      for (const name in result) missing.delete(name);
      return names.map((name) => cellOf(name === "error" ? problem : result[name])).join(",");
    },
    missing,
  };
}

/** A string as it is, anything else as JSON; nothing for `null`. In quotes where CSV needs them (RFC 4180). */
function cellOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
