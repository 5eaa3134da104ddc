import type { Report } from "./report.js";

/** Renders a report as lines of JSON. */
export function jsonOf({ json }: Report): string {
  return json.map((line) => `${JSON.stringify(line)}\n`).join("");
}
