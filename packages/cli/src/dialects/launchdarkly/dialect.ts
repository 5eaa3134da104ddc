import {
  isLaunchdarkly,
  type LaunchdarklyDetails,
  type LaunchdarklyExtras,
  launchdarkly as launchdarklyDialect,
} from "@sortition/launchdarkly/dialect";
import { launchdarklyExplainer } from "@sortition/launchdarkly/explain";
import type { JsonObject } from "../../evaluate/request.js";
import type { CliAnswer, CliDialect } from "../dialect.js";
import { type FlagsClient, openFlags } from "../flags-file.js";
import { resultsPlace } from "../place.js";
import { typedExplain, typedOptions } from "../typed-explain.js";
import { launchdarklyJudge } from "./judge.js";
import { REQUEST_TYPES, readRequest } from "./request.js";

const REQUIRES_OTHER = "prerequisite failed";

/** LaunchDarkly's flags and segments. */
export const launchdarkly: CliDialect = {
  name: "launchdarkly",
  flagsOf: ({ flag }) => [flag],
  explainer: launchdarklyExplainer,
  explain: typedExplain(REQUEST_TYPES, true),
  inspectExtras(configuration) {
    const count = isLaunchdarkly(configuration) ? configuration.segmentKeys.size : 0;
    const summary = count === 0 ? [] : [count === 1 ? "1 segment" : `${count} segments`];
    return { summary, fields: { segmentCount: count } };
  },
  judge: launchdarklyJudge,
  // The condition of a prerequisite means all other variations of the required flag.
  placeOf: ({ attribute, expected, operator }) =>
    operator === REQUIRES_OTHER ? resultsPlace(attribute, [String(expected)], true) : null,
  reduce: null,
  options: typedOptions(REQUEST_TYPES, "any"),
  help: [
    'Request: {"flag", "context", "default"?, "type"?}',
    `  type: ${REQUEST_TYPES.join(", ")} (default: any). Instead of "context", a request may have`,
    '  "subjectKey" and "subjectAttributes"',
    'Result: {"id", "value", "variationIndex", "reason"}, with --events also "events",',
    "  a list that also has the events of required flags",
  ],
  open: (options) => openFlags(options, launchdarklyDialect(), answer),
};

type Run = FlagsClient<LaunchdarklyDetails, LaunchdarklyExtras>;

function answer({ client, takeEvents }: Run, fields: JsonObject): CliAnswer {
  const { context, defaultValue, flag: flagKey, type: expectedType } = readRequest(fields);
  const request = { flagKey, extras: { context }, defaultValue, expectedType };
  const { evaluationDetails, value } = client.evaluate(request);
  const events = takeEvents();
  const logged = events === null ? {} : { events };
  return { kind: "result", fields: { value, ...evaluationDetails, ...logged } };
}
