import {
  Configuration,
  createClient,
  DecodeError,
  type Diagnostics,
  type EvaluationDetails,
} from "@sortition/core";
import { UsageError } from "../errors.js";
import { DEDUPE_FORMS, parseDedupe } from "./dedupe.js";
import type { EvaluateDialect, Evaluation, OpenOptions } from "./dialect.js";
import { answerAssignment, EventLog } from "./eppo-answer.js";
import { GETTERS, readAssignmentRequest } from "./eppo-request.js";
import { type PayloadFile, payloadError, readPayloadFile } from "./payload-file.js";

/** Eppo's flags, plain or obfuscated. */
export const eppo: EvaluateDialect = {
  name: "eppo",
  options: [
    { name: "bandits", value: "FILE", help: ["the bandit models"] },
    {
      name: "dedupe",
      value: "CACHE",
      help: [
        "with --events: the client's cache of logged assignments, filled in line order:",
        DEDUPE_FORMS,
        "(default: none)",
      ],
    },
  ],
  help: [
    'Request: {"flag", "type", "subjectKey", "default"?, "subjectAttributes"?, "overrides"?}',
    `  type: ${Object.keys(GETTERS).join(", ")}; overrides: flag key to {"key", "value"}`,
    'Result: {"id", "value", "evaluationDetails"}, with --events also "event" (or null)',
  ],
  open,
};

/** What is wrong with a flag is told at the start and in its details: not a third time. */
const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

async function open({ configPath, hasEvents, option, warn }: OpenOptions): Promise<Evaluation> {
  const dedupe = option("dedupe");
  if (dedupe !== undefined && !hasEvents) throw new UsageError("--dedupe needs --events");
  const policy = dedupe === undefined ? null : parseDedupe("--dedupe", dedupe);
  const banditsPath = option("bandits");
  const config = await readPayloadFile("--config", configPath);
  const bandits =
    banditsPath === undefined ? null : await readPayloadFile("--bandits", banditsPath);
  const configuration = load(config, bandits);
  warnOfIssues(configuration, bandits !== null, warn);

  // One client and one clock for the whole run; the clock shows the time of the line in progress.
  let lineNowMs = config.readAtMs;
  const log = hasEvents ? new EventLog() : null;
  const client = createClient<EvaluationDetails>({
    initialConfiguration: configuration,
    assignmentLogger: log,
    deduplication: policy === null ? false : { assignments: policy },
    clock: { now: () => lineNowMs, monotonicMs: () => lineNowMs },
    diagnostics: SILENT,
  });
  const parts = { client, log, hasDedupe: policy !== null };
  return {
    answer(fields, time) {
      const request = readAssignmentRequest(fields);
      lineNowMs = time.nowMs;
      return answerAssignment(parts, request, time);
    },
  };
}

function load(config: PayloadFile, bandits: PayloadFile | null): Configuration {
  try {
    return Configuration.from({
      flagsConfiguration: config.bytes,
      banditsConfiguration: bandits?.bytes,
      fetchedAtMs: config.readAtMs,
    });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const isInBandits = error.part === "banditsConfiguration" && bandits !== null;
    throw payloadError(isInBandits ? bandits : config, error);
  }
}

/** Names each broken flag once, by the first thing that is wrong with it. */
function warnOfIssues(
  { issues }: Configuration,
  hasBandits: boolean,
  warn: (message: string) => void,
): void {
  const named = new Set<string>();
  for (const { code, flagKey, message, path } of issues) {
    // Whoever gives no models does not expect any to be there.
    if (code === "bandit-model-missing" && !hasBandits) continue;
    if (flagKey !== null) {
      if (named.has(flagKey)) continue;
      named.add(flagKey);
    }
    warn(`${path}: ${message}`);
  }
}
