import type { FlagQuestion, JsonObject } from "@sortition/core/dialect";
import type { DialectName } from "../config/config.js";

/** Options of the command for attributes that PostHog's clients take beside the properties of the person. */
const POSTHOG_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["$groups", "--groups"],
  ["$group_properties", "--group-properties"],
  ["$device_id", "--device-id"],
]);

/** The command that says the same about a flag, for a shell. Its configuration is in a file of the reader's. */
export function commandLine(
  dialect: DialectName,
  { attributes, flagKey, nowMs, subjectKey }: FlagQuestion,
): string {
  const [properties, options] =
    dialect === "posthog" ? withPosthogOptions(attributes) : [attributes, []];
  return [
    ...["sortition", "explain", `--dialect=${dialect}`, "--config=flags.json"],
    `--subject=${quoted(subjectKey)}`,
    `--attributes=${quoted(JSON.stringify(properties))}`,
    ...options,
    `--now=${new Date(nowMs).toISOString()}`,
    "--",
    quoted(flagKey),
  ].join(" ");
}

function withPosthogOptions(attributes: JsonObject): [JsonObject, string[]] {
  const entries = Object.entries(attributes);
  const options = entries.flatMap(([name, value]) => {
    const option = POSTHOG_OPTIONS.get(name);
    if (option === undefined) return [];
    return [`${option}=${quoted(typeof value === "string" ? value : JSON.stringify(value))}`];
  });
  return [Object.fromEntries(entries.filter(([name]) => !POSTHOG_OPTIONS.has(name))), options];
}

function quoted(text: string): string {
  return /^[\w.@:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
