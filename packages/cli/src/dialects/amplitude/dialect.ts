import {
  type AmplitudeConfiguration,
  amplitude as amplitudeDialect,
  DependencyCycleError,
  evaluateUser,
  isAmplitudeConfiguration,
  toVariants,
} from "@sortition/amplitude/dialect";
import { amplitudeExplainer } from "@sortition/amplitude/explain";
import { Configuration } from "@sortition/core";
import { UsageError } from "../../errors.js";
import type { JsonObject } from "../../evaluate/request.js";
import type {
  CliAnswer,
  CliDialect,
  LineTime,
  OpenConfiguration,
  OpenOptions,
} from "../dialect.js";
import { DEDUPE_FORM, EventLog, parseCapacity } from "./events.js";
import { amplitudeExplain } from "./explain.js";
import { amplitudeJudge } from "./judge.js";
import { partsOf } from "./payload.js";
import { amplitudePlace } from "./place.js";
import { reduceAmplitude } from "./reduce.js";
import { type AmplitudeRequest, readRequest } from "./request.js";

/** Amplitude Experiment: local evaluation, with cohorts in the configuration file. */
export const amplitude: CliDialect = {
  name: "amplitude",
  flagsOf: ({ flagKeys }) => (Array.isArray(flagKeys) ? flagKeys : []),
  explainer: amplitudeExplainer,
  explain: amplitudeExplain,
  inspectExtras({ payloads }) {
    const cohorts = payloads.filter(({ part }) => part.startsWith("cohort:")).length;
    if (cohorts === 0) return {};
    return { summary: [`${cohorts} ${cohorts === 1 ? "cohort" : "cohorts"}`], fields: { cohorts } };
  },
  judge: amplitudeJudge,
  placeOf: amplitudePlace,
  reduce: reduceAmplitude,
  options: [
    {
      name: "dedupe",
      value: "CACHE",
      help: [
        `with --events: ${DEDUPE_FORM}, the size of the client's caches of logged assignments and`,
        "exposures, which are filled in line order (default: none)",
      ],
      commands: ["evaluate"],
    },
  ],
  help: [
    'Request: {"user", "flagKeys"?, "method"?, "tracksExposure"?}',
    "  method: evaluateV2 (default), evaluate",
    'Result: {"id", "variants"}, with --events also "assignment" (or null) and "exposures"',
    'A configuration is an array of flags, or {"flags", "cohorts"}',
  ],
  open,
};

async function open(options: OpenOptions): Promise<OpenConfiguration> {
  const { hasEvents = false, option } = options;
  const dedupe = option("dedupe");
  if (dedupe !== undefined && !hasEvents) throw new UsageError("--dedupe needs --events");
  const log = hasEvents ? new EventLog(dedupe === undefined ? null : parseCapacity(dedupe)) : null;
  const file = await options.config();
  const payloads = partsOf(file);
  const configuration = await Configuration.load({
    dialect: amplitudeDialect(),
    payloads,
    fetchedAtMs: file.readAtMs,
  });
  if (!isAmplitudeConfiguration(configuration)) throw new TypeError("another dialect");
  return {
    configuration,
    issues: () => configuration.issues,
    answer: (fields, time) => answer(configuration, readRequest(fields), time, log),
  };
}

function answer(
  configuration: AmplitudeConfiguration,
  { flagKeys, isDeprecatedCall, tracksExposure, user }: AmplitudeRequest,
  { nowMs }: LineTime,
  log: EventLog | null,
): CliAnswer {
  try {
    const results = evaluateUser(configuration, user, flagKeys);
    const variants = toVariants(results, isDeprecatedCall);
    if (log === null) return { kind: "result", fields: { variants } };
    const events = log.eventsOf({ user, results, timestampMs: nowMs }, tracksExposure);
    return { kind: "result", fields: { variants, ...events } };
  } catch (error) {
    return { kind: "throws", error, ...cycleOf(error) };
  }
}

function cycleOf(error: unknown): { fields?: JsonObject } {
  return error instanceof DependencyCycleError ? { fields: { cycle: error.cycle } } : {};
}
