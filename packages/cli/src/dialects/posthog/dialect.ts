import {
  isPosthog,
  type PosthogConfiguration,
  type PosthogDetails,
  type PosthogExtras,
  posthog as posthogDialect,
} from "@sortition/posthog/dialect";
import { posthogExplainer } from "@sortition/posthog/explain";
import type { CliDialect, OpenConfiguration, OpenOptions } from "../dialect.js";
import { loadFlags, openClient } from "../flags-file.js";
import { answer } from "./answer.js";
import { EXPLAIN_OPTIONS, posthogExplain } from "./explain.js";
import { posthogJudge } from "./judge.js";
import { reducePosthog } from "./reduce.js";
import { readRequest } from "./request.js";

/** PostHog's flag definitions, evaluated locally. */
export const posthog: CliDialect = {
  name: "posthog",
  flagsOf: ({ flag, flagKeys }) => [flag, ...(Array.isArray(flagKeys) ? flagKeys : [])],
  explainer: posthogExplainer,
  explain: posthogExplain,
  inspectExtras(configuration) {
    const version = isPosthog(configuration) ? configuration.matchingVersion : undefined;
    if (version === undefined) return {};
    const summary = [`property matching version ${String(version)}`];
    return { summary, fields: { propertyMatchingVersion: version } };
  },
  judge: posthogJudge,
  placeOf: () => null,
  reduce: reducePosthog,
  options: EXPLAIN_OPTIONS,
  help: [
    'Request: {"flag", "distinctId", "personProperties"?, "groups"?, "groupProperties"?, "deviceId"?}',
    'Result: {"id", "resolved": true, "value", "enabled", "variant", "payload", "reason", "reasonCode"?},',
    '  or {"id", "resolved": false, "unresolvedReason"} if only PostHog\'s server can evaluate the flag;',
    '  with --events also "event" (or null). Repeated events are included, because PostHog has no --dedupe',
    'To evaluate all flags, leave out "flag". To evaluate some, pass "flagKeys"',
    '  Result: {"id", "featureFlags", "featureFlagPayloads", "unresolvedFlags"}',
  ],
  open,
};

async function open(options: OpenOptions): Promise<OpenConfiguration> {
  const { hasEvents = false } = options;
  const config = await options.config();
  const { readAtMs } = config;
  const loaded = await loadFlags(posthogDialect(), config);
  const configuration = loaded as PosthogConfiguration; // the dialect's own
  const parts = { configuration, hasEvents, readAtMs };
  return openClient<PosthogDetails, PosthogExtras>(
    configuration,
    // Errors that the vendor's call throws must reach the result.
    { readAtMs, isGracefulMode: false },
    (client, fields, time) => answer({ client, ...parts }, readRequest(fields), time),
  );
}
