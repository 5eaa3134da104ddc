import type { FlagQuestion } from "@sortition/core/dialect";
import type { DialectName } from "../config/config.js";
import { EXPLAINERS } from "./explainers.js";

/** Returns the command that explains the same, for a shell. It reads the configuration from a file. */
export function commandLine(
  dialect: DialectName,
  { attributes, flagKey, nowMs, subjectKey }: FlagQuestion,
): string {
  const { commandOptions } = EXPLAINERS[dialect];
  const entries = Object.entries(attributes);
  const properties = entries.filter(([name]) => commandOptions?.has(name) !== true);
  const options = entries.flatMap(([name, value]) => {
    const option = commandOptions?.get(name);
    if (option === undefined) return [];
    return [`--${option}=${quoted(typeof value === "string" ? value : JSON.stringify(value))}`];
  });
  return [
    ...["sortition", "explain", `--dialect=${dialect}`, "--config=flags.json"],
    `--subject=${quoted(subjectKey)}`,
    `--attributes=${quoted(JSON.stringify(Object.fromEntries(properties)))}`,
    ...options,
    `--now=${new Date(nowMs).toISOString()}`,
    "--",
    quoted(flagKey),
  ].join(" ");
}

function quoted(text: string): string {
  return /^[\w.@:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
