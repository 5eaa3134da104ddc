import { amplitudeExplainer } from "@sortition/amplitude/explain";
import type { Explainer } from "@sortition/core/dialect";
import { eppoExplainer } from "@sortition/core/eppo";
import { datadogExplainer } from "@sortition/datadog/explain";
import { growthbookExplainer } from "@sortition/growthbook/explain";
import { launchdarklyExplainer } from "@sortition/launchdarkly/explain";
import { posthogExplainer } from "@sortition/posthog/explain";
import type { DialectName } from "../config/config.js";

/** Describes the flags of each vendor, and observes their evaluations. */
export const EXPLAINERS: Readonly<Record<DialectName, Explainer>> = {
  amplitude: amplitudeExplainer,
  datadog: datadogExplainer,
  eppo: eppoExplainer,
  growthbook: growthbookExplainer,
  launchdarkly: launchdarklyExplainer,
  posthog: posthogExplainer,
};
