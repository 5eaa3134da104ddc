import { type AssignmentEvent, Configuration, createClient, DecodeError } from "@sortition/core";
import { SILENT_DIAGNOSTICS } from "@sortition/core/internal";
import {
  isLaunchdarkly,
  type LaunchdarklyDetails,
  type LaunchdarklyExtras,
  launchdarkly as launchdarklyDialect,
} from "@sortition/launchdarkly/dialect";
import { launchdarklyExplainer } from "@sortition/launchdarkly/explain";
import { type PayloadFile, payloadError } from "../../evaluate/payload-file.js";
import type { CliDialect, InspectSupport, OpenConfiguration, OpenOptions } from "../dialect.js";
import { EXPLAIN_OPTIONS, launchdarklyExplain } from "./explain.js";
import { launchdarklyJudge } from "./judge.js";
import { REQUEST_TYPES, readRequest } from "./request.js";

const inspect: InspectSupport = {
  extrasOf(configuration) {
    const count = isLaunchdarkly(configuration) ? configuration.segmentKeys.size : 0;
    const summary = count === 0 ? [] : [count === 1 ? "1 segment" : `${count} segments`];
    return { summary, fields: { segmentCount: count }, paragraphs: [] };
  },
};

/** LaunchDarkly's flags and segments. */
export const launchdarkly: CliDialect = {
  name: "launchdarkly",
  flagsOf: ({ flag }) => [flag],
  explainer: launchdarklyExplainer,
  explain: launchdarklyExplain,
  inspect,
  judge: launchdarklyJudge,
  options: EXPLAIN_OPTIONS,
  help: [
    'Request: {"flag", "context", "default"?, "type"?}',
    `  type: ${REQUEST_TYPES.join(", ")} (default: any). Instead of "context", a request may have`,
    '  "subjectKey" and "subjectAttributes"',
    'Result: {"id", "value", "variationIndex", "reason"}, with --events also "event" (or null)',
  ],
  open,
};

async function open(options: OpenOptions): Promise<OpenConfiguration> {
  const { hasEvents = false } = options;
  const config = await options.config();
  const configuration = load(config);
  const events: AssignmentEvent[] = [];
  let lineNowMs = config.readAtMs;
  const client = createClient<LaunchdarklyDetails, LaunchdarklyExtras>({
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
      const { context, defaultValue, flag: flagKey, type: expectedType } = readRequest(fields);
      const { key: subjectKey } = launchdarklyJudge.subjectOf({ context });
      const extras = { context };
      const request = { flagKey, subjectKey, extras, defaultValue, expectedType };
      const { evaluationDetails, value } = client.evaluate(request);
      const event = events.splice(0).at(-1) ?? null; // those of required flags come first
      return {
        kind: "result",
        fields: { value, ...evaluationDetails, ...(hasEvents ? { event } : {}) },
      };
    },
  };
}

function load(config: PayloadFile): Configuration {
  try {
    return Configuration.from({
      dialect: launchdarklyDialect(),
      payloads: { flags: config.bytes },
      fetchedAtMs: config.readAtMs,
    });
  } catch (error) {
    if (error instanceof DecodeError) throw payloadError(config, error);
    throw error;
  }
}
