import type { JsonObject } from "./request.js";

export interface ResultFormat {
  /** The header line; `null` if the format has none. */
  readonly head: string | null;
  /** Formats a result as one line. */
  line(result: JsonObject): string;
  /** Requested fields that no result has had so far. */
  readonly missing: ReadonlySet<string>;
  /** Fields of the results, while requested ones are missing. */
  readonly seen: ReadonlySet<string>;
}

/** The requested format. */
export interface FormatOptions {
  readonly isCsv: boolean;
  /** Fields to write; `null` writes all fields as JSON, or `id` and `value` as CSV. */
  readonly fields: readonly string[] | null;
}

export function formatOf({ fields, isCsv }: FormatOptions): ResultFormat {
  return isCsv ? csvFormat(fields ?? ["id", "value"]) : jsonFormat(fields);
}

/** Fields that describe an error. They are always written. */
const PROBLEMS: readonly string[] = ["error", "throws", "message"];

/** @param fields - the fields to write, in this order; `null`: all fields. */
export function jsonFormat(fields: readonly string[] | null): ResultFormat {
  const missing = new Set(fields);
  const seen = new Set<string>();
  if (fields === null)
    return { head: null, line: (result) => JSON.stringify(result), missing, seen };
  const names = [...new Set([...fields, ...PROBLEMS])];
  return {
    head: null,
    line: (result) => {
      const present = names.filter((name) => Object.hasOwn(result, name));
      note(result, missing, seen);
      return JSON.stringify(Object.fromEntries(present.map((name) => [name, result[name]])));
    },
    missing,
    seen,
  };
}

function note(result: JsonObject, missing: Set<string>, seen: Set<string>): void {
  if (missing.size === 0) return;
  for (const name in result) {
    missing.delete(name);
    seen.add(name);
  }
}

/** Writes a column for each field, and a column `error` that is empty unless the request failed. */
export function csvFormat(fields: readonly string[]): ResultFormat {
  const names = [...new Set([...fields, "error"])];
  const missing = new Set(fields);
  const seen = new Set<string>();
  return {
    head: names.map(cellOf).join(","),
    line: (result) => {
      const problem = result["error"] ?? result["message"];
      note(result, missing, seen);
      return names.map((name) => cellOf(name === "error" ? problem : result[name])).join(",");
    },
    missing,
    seen,
  };
}

/**
 * Formats a cell: strings unchanged, `null` as an empty cell, and other values as JSON. Quotes it if CSV requires
 * quotes (RFC 4180).
 */
function cellOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
