import type { CompileIssue, Configuration, DeduplicationPolicy } from "@sortition/core";
import {
  type EvaluationDetails,
  eppo as eppoDialect,
  eppoExplainer,
  isEppoConfiguration,
  withEppoNodeEventNames,
} from "@sortition/core/eppo";
import { UsageError } from "../../errors.js";
import { readPayloadFile } from "../../evaluate/payload-file.js";
import { isJsonObject, type JsonObject, unexpected } from "../../evaluate/request.js";
import type {
  CliAnswer,
  CliDialect,
  LineTime,
  OpenConfiguration,
  OpenOptions,
} from "../dialect.js";
import { loadFlags, openClient } from "../flags-file.js";
import { answerAssignment, type EppoParts } from "./answer.js";
import { answerBandit, answerBestAction, answerPrecomputed } from "./bandit-answer.js";
import {
  readBanditRequest,
  readBestActionRequest,
  readPrecomputedRequest,
  refuseForeignFields,
} from "./bandit-request.js";
import { DEDUPE_FORMS, parseDedupe } from "./dedupe.js";
import { EventLog } from "./events.js";
import { EXPLAIN_OPTIONS, eppoExplain } from "./explain.js";
import { eppoJudge } from "./judge.js";
import { reduceEppo } from "./reduce.js";
import { GETTERS, readAssignmentRequest } from "./request.js";

const HASHED =
  "The configuration is obfuscated. Flag keys, attribute names and listed values are MD5 hashes.";

/** Eppo's flags, plain or obfuscated. */
export const eppo: CliDialect = {
  name: "eppo",
  flagsOf: ({ flag, overrides }) =>
    isJsonObject(overrides) && Object.hasOwn(overrides, String(flag)) ? [] : [flag],
  explainer: eppoExplainer,
  explain: eppoExplain,
  inspectExtras(configuration) {
    if (!isEppoConfiguration(configuration)) return {};
    const { format, isObfuscated } = configuration;
    return {
      summary: format === "" ? [] : [`format ${format}`],
      fields: { format, isObfuscated },
      paragraphs: isObfuscated ? [[HASHED]] : [],
    };
  },
  judge: eppoJudge,
  placeOf: () => null,
  reduce: reduceEppo,
  options: [
    {
      name: "bandits",
      value: "FILE",
      help: ["the file of bandit models"],
      commands: ["evaluate", "explain", "inspect", "replay"],
    },
    {
      name: "dedupe",
      value: "CACHE",
      help: [
        "with --events: the client's cache of logged assignments, which is filled in line order:",
        DEDUPE_FORMS,
        "(default: none)",
      ],
      commands: ["evaluate"],
    },
    {
      name: "bandit-dedupe",
      value: "CACHE",
      help: ["with --events: the same cache for logged bandit actions"],
      commands: ["evaluate"],
    },
    ...EXPLAIN_OPTIONS,
  ],
  help: [
    'Request: {"flag", "type", "subjectKey", "default"?, "subjectAttributes"?, "overrides"?}',
    `  type: ${Object.keys(GETTERS).join(", ")}`,
    '  overrides: an object of flag keys and {"key", "value"}',
    'Result: {"id", "value", "evaluationDetails"}, with --events also "event"',
    "  (null if nothing would be logged, or if --dedupe removes a repetition)",
    'For type bandit, add "actions": an object of action names and their attributes',
    '  Result: {"id", "variation", "action", "evaluationDetails"}, with --events also "event" and "banditEvent"',
    "  (--bandit-dedupe removes repetitions of the latter)",
    'Type best-action: {"flag", "default"?, "subjectAttributes"?, "actions"}',
    '  Result: {"id", "action"}',
    'Type precomputed: {"subjectKey", "subjectAttributes"?, "banditActions"?, "salt"?}',
    '  Result: {"id", "configuration"}: all flags for one subject, in the SDK\'s wire format',
  ],
  open,
};

async function open(options: OpenOptions): Promise<OpenConfiguration> {
  const { hasEvents = false, option } = options;
  const policyOf = (name: string): DeduplicationPolicy | null => {
    const text = option(name);
    if (text === undefined) return null;
    if (!hasEvents) throw new UsageError(`--${name} needs --events`);
    return parseDedupe(`--${name}`, text);
  };
  const assignments = policyOf("dedupe");
  const bandits = policyOf("bandit-dedupe");
  const banditsPath = option("bandits");
  const config = await options.config();
  const models = banditsPath === undefined ? null : await readPayloadFile("--bandits", banditsPath);
  const configuration = await loadFlags(eppoDialect(), config, models);
  const log = hasEvents
    ? new EventLog({ hasDedupe: assignments !== null, hasBanditDedupe: bandits !== null })
    : null;
  const opened = openClient<EvaluationDetails, unknown>(
    configuration,
    {
      readAtMs: config.readAtMs,
      assignmentLogger: log && withEppoNodeEventNames(log),
      deduplication: { assignments: assignments ?? false, bandits: bandits ?? false },
    },
    (client, fields, time) => answer({ client, log }, fields, time),
  );
  return { ...opened, issues: () => issuesOf(configuration, models !== null) };
}

/** Answers a request by its type. */
function answer(parts: EppoParts, fields: JsonObject, time: LineTime): CliAnswer {
  const { type } = fields;
  if (typeof type === "string" && Object.hasOwn(GETTERS, type)) {
    const getter = type as keyof typeof GETTERS; // just looked up
    return answerAssignment(parts, readAssignmentRequest(getter, fields), time);
  }
  switch (type) {
    case "bandit":
      return answerBandit(parts, readBanditRequest(fields), time);
    case "best-action":
      return answerBestAction(parts, readBestActionRequest(fields));
    case "precomputed":
      return answerPrecomputed(parts, readPrecomputedRequest(fields));
    default: {
      // A name of another SDK explains more than a missing type.
      if (type === undefined) refuseForeignFields(fields);
      const types = [...Object.keys(GETTERS), "bandit", "best-action", "precomputed"].join(", ");
      throw unexpected("type", `one of ${types}`, type);
    }
  }
}

/** Returns the issues. Missing models are not an issue without `--bandits`. */
function issuesOf({ issues }: Configuration, hasModels: boolean): readonly CompileIssue[] {
  return hasModels ? issues : issues.filter(({ code }) => code !== "bandit-model-missing");
}
