import type { Configuration } from "@sortition/core";
import {
  isStatsig,
  type StatsigDetails,
  type StatsigExtras,
  statsig as statsigDialect,
  statsigLegacy as statsigLegacyDialect,
} from "@sortition/statsig/dialect";
import { statsigExplainer } from "@sortition/statsig/explain";
import type { JsonObject } from "../../evaluate/request.js";
import type { CliAnswer, CliDialect } from "../dialect.js";
import { type FlagsClient, openFlags } from "../flags-file.js";
import { typedExplain, typedOptions } from "../typed-explain.js";
import { judgeOf } from "./judge.js";
import { statsigOutsideData } from "./outside-data.js";
import { flagIn, readRequest } from "./request.js";

const TYPES = ["boolean", "string", "number", "json"] as const;

const COMMON = {
  flagsOf: (request: JsonObject) => [flagIn(request)],
  explainer: statsigExplainer,
  explain: typedExplain(TYPES, false),
  options: typedOptions(TYPES, "any"),
  inspectExtras(configuration: Configuration) {
    const kinds = isStatsig(configuration) ? [...configuration.kinds] : [];
    const summary = kinds.map(
      ([kind, count]) => `${count} ${kind.replace("_", " ")}${count === 1 ? "" : "s"}`,
    );
    return { summary, fields: { kinds: Object.fromEntries(kinds) } };
  },
  placeOf: () => null,
  outsideData: statsigOutsideData,
  reduce: null,
};

/** Statsig's gates, configs, experiments and layers, in version 2. */
export const statsig: CliDialect = {
  ...COMMON,
  name: "statsig",
  judge: judgeOf("statsig"),
  help: [
    'Request: {"gate" | "config" | "experiment" | "layer", "user"}',
    '  or {"flag", "user"}. Instead of "user", a request may have "subjectKey" and "subjectAttributes"',
    'Result: {"id", "value", "reason", "ruleID", "groupName", "allocatedExperimentName"}, with',
    '  --events also "events"',
  ],
  open: (options) => openFlags(options, statsigDialect(), answer),
};

/** Statsig's gates, configs, experiments and layers, in version 1. */
export const statsigLegacy: CliDialect = {
  ...COMMON,
  name: "statsig-legacy",
  judge: judgeOf("statsig-legacy"),
  help: ['Requests and results: the same as for "statsig"'],
  open: (options) => openFlags(options, statsigLegacyDialect(), answer),
};

function answer(
  { client, takeEvents }: FlagsClient<StatsigDetails, StatsigExtras>,
  fields: JsonObject,
): CliAnswer {
  const { flag: flagKey, isGate, subject } = readRequest(fields);
  const { evaluationDetails, value } = client.evaluate({
    ...{ flagKey, ...subject },
    defaultValue: isGate === null ? null : isGate ? false : {},
    ...(isGate === null ? {} : { expectedType: isGate ? "boolean" : "json" }),
  });
  const events = takeEvents();
  const logged = events === null ? {} : { events };
  return { kind: "result", fields: { value, ...evaluationDetails, ...logged } };
}
