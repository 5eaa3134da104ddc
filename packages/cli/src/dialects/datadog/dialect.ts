import { type AssignmentEvent, Configuration, createClient, DecodeError } from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";
import { SILENT_DIAGNOSTICS } from "@sortition/core/internal";
import { datadog as datadogDialect } from "@sortition/datadog/dialect";
import { datadogExplainer } from "@sortition/datadog/explain";
import { type PayloadFile, payloadError } from "../../evaluate/payload-file.js";
import type { CliDialect, OpenConfiguration, OpenOptions } from "../dialect.js";
import { answer } from "./answer.js";
import { datadogExplain, EXPLAIN_OPTIONS } from "./explain.js";
import { datadogJudge } from "./judge.js";
import { REQUEST_TYPES, readRequest } from "./request.js";

/** Datadog's server-side flags. */
export const datadog: CliDialect = {
  name: "datadog",
  flagsOf: ({ flag }) => [flag],
  explainer: datadogExplainer,
  explain: datadogExplain,
  inspect: { extrasOf: () => ({ summary: [], fields: {}, paragraphs: [] }) },
  judge: datadogJudge,
  options: EXPLAIN_OPTIONS,
  help: [
    'Request: {"flag", "type", "subjectKey"?, "default"?, "subjectAttributes"?}',
    `  type: ${REQUEST_TYPES.join(", ")}; subjectKey: the targeting key, may be missing or null`,
    'Result: {"id", "value", "variant", "reason", "errorCode"?, "evaluationDetails"},',
    '  with --events also "event" (or null): Datadog\'s exposure event',
  ],
  open,
};

async function open(options: OpenOptions): Promise<OpenConfiguration> {
  const { hasEvents = false } = options;
  const config = await options.config();
  const configuration = load(config);
  const events: AssignmentEvent[] = [];
  let lineNowMs = config.readAtMs;
  const client = createClient<EvaluationDetails>({
    initialConfiguration: configuration,
    assignmentLogger: hasEvents
      ? { logAssignment: (event: AssignmentEvent) => void events.push(event) }
      : null,
    deduplication: { assignments: false },
    clock: { now: () => lineNowMs, monotonicMs: () => lineNowMs },
    // Issues are already reported at the start and in the details.
    diagnostics: SILENT_DIAGNOSTICS,
  });
  return {
    configuration,
    issues: () => configuration.issues,
    answer(fields, time) {
      lineNowMs = time.nowMs;
      return answer({ client, events: hasEvents ? events : null }, readRequest(fields), time);
    },
  };
}

function load(config: PayloadFile): Configuration {
  try {
    return Configuration.from({
      dialect: datadogDialect(),
      payloads: { flags: config.bytes },
      fetchedAtMs: config.readAtMs,
    });
  } catch (error) {
    if (error instanceof DecodeError) throw payloadError(config, error);
    throw error;
  }
}
