import { rejectFlagOption } from "../arguments.js";
import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import type { Question } from "../dialects/dialect.js";
import { UsageError } from "../errors.js";
import { readJsonObject } from "../json-option.js";
import { EXPLAIN } from "./help.js";

/** The parsed command line. */
export interface ExplainOptions extends ConfigurationOptions {
  readonly question: Question;
  readonly isJson: boolean;
}

/** @throws UsageError */
export async function parseExplainOptions(line: CommandLine): Promise<ExplainOptions> {
  rejectFlagOption(line.args, "explain");
  const options = await readConfigurationOptions(line, EXPLAIN);
  const { given, option, positionals } = options;
  const [flag, ...others] = positionals;
  if (flag === undefined) throw new UsageError("the flag key is missing: write explain FLAG");
  const subjectKey = given.get("subject");
  if (others.length > 0) {
    const advice = subjectKey === undefined ? `: write explain ${flag} --subject ${others[0]}` : "";
    throw new UsageError(`expected one flag, got ${positionals.join(", ")}${advice}`);
  }
  if (subjectKey === undefined)
    throw new UsageError("--subject KEY is missing, such as --subject user-1");
  const text = given.get("attributes") ?? "{}";
  const attributes = readJsonObject("--attributes", text, '{"country":"DK"}');
  return {
    ...options,
    question: { flag, subjectKey, attributes, option },
    isJson: given.has("json"),
  };
}
