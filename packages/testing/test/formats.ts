import { amplitude } from "@sortition/amplitude/dialect";
import { amplitudeExplainer } from "@sortition/amplitude/explain";
import { eppo, eppoExplainer } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { datadogExplainer } from "@sortition/datadog/explain";
import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookExplainer } from "@sortition/growthbook/explain";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { launchdarklyExplainer } from "@sortition/launchdarkly/explain";
import { posthog } from "@sortition/posthog/dialect";
import { posthogExplainer } from "@sortition/posthog/explain";
import { type TestFlags, testFlags } from "../src/index.js";

/** Test flags in each format, with the dialect's explainer. */
export const FORMATS: readonly { readonly format: string; create(): TestFlags }[] = [
  { format: "Eppo", create: () => testFlags({ dialect: eppo(), explainer: eppoExplainer }) },
  {
    format: "Datadog",
    create: () => testFlags({ dialect: datadog(), explainer: datadogExplainer }),
  },
  {
    format: "GrowthBook",
    create: () => testFlags({ dialect: growthbook(), explainer: growthbookExplainer }),
  },
  {
    format: "Amplitude",
    create: () => testFlags({ dialect: amplitude(), explainer: amplitudeExplainer }),
  },
  {
    format: "LaunchDarkly",
    create: () => testFlags({ dialect: launchdarkly(), explainer: launchdarklyExplainer }),
  },
  {
    format: "PostHog",
    create: () =>
      testFlags({
        dialect: posthog({ projectApiKey: "phc_key" }),
        explainer: posthogExplainer,
      }) as TestFlags,
  },
];
