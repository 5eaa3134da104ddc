import type { JsonObject } from "./request.js";

export interface ResultFormat {
  /** The first line; `null`: none. */
  readonly head: string | null;
  /** A result as one line. */
  line(result: JsonObject): string;
}

/** What says that there is no answer. Always written. */
const PROBLEMS: readonly string[] = ["error", "throws", "message"];

/** @param fields - those to write, in their order; `null`: all. */
export function jsonFormat(fields: readonly string[] | null): ResultFormat {
  if (fields === null) return { head: null, line: (result) => JSON.stringify(result) };
  const names = [...new Set([...fields, ...PROBLEMS])];
  return {
    head: null,
    line: (result) =>
      JSON.stringify(
        Object.fromEntries(
          names.filter((name) => Object.hasOwn(result, name)).map((name) => [name, result[name]]),
        ),
      ),
  };
}

/** A column for each field, and one that is empty unless there is no answer. */
export function csvFormat(fields: readonly string[]): ResultFormat {
  const names = [...new Set([...fields, "error"])];
  return {
    head: names.map(cellOf).join(","),
    line: (result) => {
      const problem = result["error"] ?? result["message"];
      return names.map((name) => cellOf(name === "error" ? problem : result[name])).join(",");
    },
  };
}

/** A string as it is, anything else as JSON; nothing for `null`. In quotes where CSV needs them (RFC 4180). */
function cellOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
