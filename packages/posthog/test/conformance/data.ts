import { readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";

const folder = conformanceFolder("posthog");

/** Whether the data exists on this machine. */
export const hasData: boolean = folder !== null;

/** Reads a file of the vendor's data, and replaces its markers for dates and `undefined`. */
export function readData<T>(name: string): T {
  const text = readFileSync(join(folder ?? "", "posthog", `${name}.json`), "utf8");
  return restore(JSON.parse(text)) as T;
}

function restore(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(restore);
  const entries = Object.entries(value);
  const { $date, $datetime = $date, $undefined } = value as Record<string, unknown>;
  if (typeof $datetime === "string") return new Date($datetime);
  if ($undefined === true) return undefined;
  return Object.fromEntries(entries.map(([key, member]) => [key, restore(member)]));
}
