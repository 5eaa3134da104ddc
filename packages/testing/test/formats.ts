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
import { statsig } from "@sortition/statsig/dialect";
import { statsigExplainer } from "@sortition/statsig/explain";
import { type TestFlags, testFlags } from "../src/index.js";

/** A format of test flags. */
export interface Format {
  readonly format: string;
  create(): TestFlags;
  /** The key to read a flag with whose values are strings or numbers. */
  readAs(key: string): string;
}

const same = (key: string): string => key;

/** Test flags in each format, with the dialect's explainer. */
export const FORMATS: readonly Format[] = [
  {
    format: "Eppo",
    create: () => testFlags({ dialect: eppo(), explainer: eppoExplainer }),
    readAs: same,
  },
  {
    format: "Datadog",
    create: () => testFlags({ dialect: datadog(), explainer: datadogExplainer }),
    readAs: same,
  },
  {
    format: "GrowthBook",
    create: () => testFlags({ dialect: growthbook(), explainer: growthbookExplainer }),
    readAs: same,
  },
  {
    format: "Amplitude",
    create: () => testFlags({ dialect: amplitude(), explainer: amplitudeExplainer }),
    readAs: same,
  },
  {
    format: "LaunchDarkly",
    create: () => testFlags({ dialect: launchdarkly(), explainer: launchdarklyExplainer }),
    readAs: same,
  },
  {
    format: "PostHog",
    create: () =>
      testFlags({
        dialect: posthog({ projectApiKey: "phc_key" }),
        explainer: posthogExplainer,
      }) as TestFlags,
    readAs: same,
  },
  {
    format: "Statsig",
    create: () => testFlags({ dialect: statsig(), explainer: statsigExplainer }) as TestFlags,
    // The value of a config is an object.
    readAs: (key) => `${key}.value`,
  },
];
