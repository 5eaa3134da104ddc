import { datadog as datadogDialect } from "@sortition/datadog/dialect";
import { datadogExplainer } from "@sortition/datadog/explain";
import type { CliDialect } from "../dialect.js";
import { openFlags } from "../flags-file.js";
import { answer } from "./answer.js";
import { datadogExplain, EXPLAIN_OPTIONS } from "./explain.js";
import { datadogJudge } from "./judge.js";
import { reduceDatadog } from "./reduce.js";
import { REQUEST_TYPES } from "./request.js";

/** Datadog's server-side flags. */
export const datadog: CliDialect = {
  name: "datadog",
  flagsOf: ({ flag }) => [flag],
  explainer: datadogExplainer,
  explain: datadogExplain,
  judge: datadogJudge,
  placeOf: () => null,
  reduce: reduceDatadog,
  options: EXPLAIN_OPTIONS,
  help: [
    'Request: {"flag", "type", "subjectKey"?, "default"?, "subjectAttributes"?}',
    `  type: ${REQUEST_TYPES.join(", ")}; subjectKey: the targeting key, may be missing or null`,
    'Result: {"id", "value", "variant", "reason", "errorCode"?, "evaluationDetails"},',
    '  with --events also "event" (or null): Datadog\'s exposure event',
  ],
  open: (options) => openFlags(options, datadogDialect(), answer),
};
