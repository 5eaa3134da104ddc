import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import { UsageError } from "../errors.js";
import { nearText } from "../near.js";
import { FINDING_KINDS, type FindingKind } from "./finding.js";
import { STALE } from "./help.js";

export interface StaleOptions extends ConfigurationOptions {
  readonly folders: readonly string[];
  readonly historyPath: string | null;
  /** `null` includes flags of any age. */
  readonly olderThanDays: number | null;
  readonly lastUsePath: string | null;
  readonly allowPath: string | null;
  readonly failOn: ReadonlySet<FindingKind>;
  readonly isJson: boolean;
}

/** @throws UsageError */
export async function parseStaleOptions(line: CommandLine): Promise<StaleOptions> {
  const options = await readConfigurationOptions(line, STALE);
  const { given, positionals } = options;
  const code = given.get("code");
  if (code === undefined)
    throw new UsageError("--code DIR is missing: the folder with your code, such as src");
  const historyPath = given.get("history") ?? null;
  const days = given.get("older-than");
  if (days !== undefined && historyPath === null) {
    throw new UsageError(
      "--older-than requires --history DIR, which shows since when flags are decided",
    );
  }
  return {
    ...options,
    folders: [code, ...positionals],
    historyPath,
    olderThanDays: days === undefined ? null : daysOf(days),
    lastUsePath: given.get("last-use") ?? null,
    allowPath: given.get("allow") ?? null,
    failOn: new Set(
      (given.get("fail-on") ?? "")
        .split(",")
        .filter((it) => it !== "")
        .map(kindOf),
    ),
    isJson: given.has("json"),
  };
}

function daysOf(text: string): number {
  const days = Number(text);
  if (text.trim() !== "" && Number.isFinite(days) && days >= 0) return days;
  throw new UsageError(`--older-than: expected a number of days, got ${JSON.stringify(text)}`);
}

function kindOf(text: string): FindingKind {
  const kind = FINDING_KINDS.find((it) => it === text.trim());
  if (kind !== undefined) return kind;
  const near = nearText(text, FINDING_KINDS);
  throw new UsageError(
    `--fail-on: expected ${FINDING_KINDS.join(", ")}, got ${JSON.stringify(text)}${near}`,
  );
}
