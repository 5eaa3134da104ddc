import * as amplitude from "@amplitude/experiment-node-server";
import * as eppo from "@eppo/node-server-sdk";
import * as growthbook from "@growthbook/growthbook";
import * as ourAmplitude from "@sortition/amplitude";
import { amplitude as amplitudeDialect } from "@sortition/amplitude/dialect";
import { amplitudeSource } from "@sortition/amplitude/source";
import * as ourEppo from "@sortition/eppo";
import { eppoSource } from "@sortition/eppo/source";
import * as ourGrowthbook from "@sortition/growthbook";
import { growthbook as growthbookDialect } from "@sortition/growthbook/dialect";
import { growthbookSource } from "@sortition/growthbook/source";
import { type ClientOptions, createClient } from "@sortition/node";
import * as ourPosthog from "@sortition/posthog";
import { posthog as posthogDialect } from "@sortition/posthog/dialect";
import { posthogSource } from "@sortition/posthog/source";
import * as posthog from "posthog-node";
import { VARIABLES, type VendorName } from "./start.js";

const SUBJECTS: readonly string[] = Array.from({ length: 500 }, (_, i) => `subject-${i}`);
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const { KEY, PROJECT } = VARIABLES;

/** Returns the values of the flag `checkout` for 500 subjects. */
type Answers = (url: string) => Promise<readonly unknown[]>;

/** Programs that use a vendor's SDK. They accept the SDK or its drop-in. */
const PROGRAMS = {
  Eppo:
    ({ init }: Pick<typeof eppo, "init">): Answers =>
    async (baseUrl) => {
      const assignmentLogger = { logAssignment() {} };
      const client = await init({ apiKey: KEY, baseUrl, assignmentLogger });
      const answers = SUBJECTS.map((it) => client.getStringAssignment("checkout", it, {}, "none"));
      client.stopPolling();
      return answers;
    },
  GrowthBook:
    ({ GrowthBookClient }: Pick<typeof growthbook, "GrowthBookClient">): Answers =>
    async (apiHost) => {
      const client = new GrowthBookClient({ apiHost, clientKey: KEY });
      await client.init();
      const answers = SUBJECTS.map((id) =>
        client.getFeatureValue("checkout", "none", { attributes: { id } }),
      );
      client.destroy();
      return answers;
    },
  Amplitude:
    ({ LocalEvaluationClient }: Pick<typeof amplitude, "LocalEvaluationClient">): Answers =>
    async (serverUrl) => {
      const client = new LocalEvaluationClient(KEY, { serverUrl, loggerProvider: SILENT });
      await client.start();
      const answers = SUBJECTS.map((user_id) => client.evaluateV2({ user_id })["checkout"]?.value);
      client.stop();
      return answers;
    },
  PostHog:
    ({ PostHog }: Pick<typeof posthog, "PostHog">): Answers =>
    async (host) => {
      // A busy machine must not end requests.
      const client = new PostHog(PROJECT, { personalApiKey: KEY, host, requestTimeout: 120_000 });
      await client.waitForLocalEvaluationReady();
      const options = { onlyEvaluateLocally: true, sendFeatureFlagEvents: false };
      const answers = await Promise.all(
        SUBJECTS.map(async (it) => {
          return (await client.getFeatureFlagResult("checkout", it, options))?.variant;
        }),
      );
      await client.shutdown();
      return answers;
    },
};

function native(options: (url: string) => ClientOptions<object>): Answers {
  return async (url) => {
    const client = createClient<object>({ ...options(url), assignmentLogger: null });
    await client.waitForInitialization();
    const answers = SUBJECTS.map((it) => client.getStringAssignment("checkout", it, {}, "none"));
    await client.close();
    return answers;
  };
}

/** Programs with the vendor's SDK, our drop-in, and our client. */
export const CLIENTS: Readonly<Record<VendorName, Readonly<Record<string, Answers>>>> = {
  Eppo: {
    "the vendor's newest Node SDK": PROGRAMS.Eppo(eppo),
    "our drop-in": PROGRAMS.Eppo(ourEppo as unknown as typeof eppo),
    "our client": native((baseUrl) => ({ source: eppoSource({ apiKey: KEY, baseUrl }) })),
  },
  GrowthBook: {
    "the vendor's newest Node SDK": PROGRAMS.GrowthBook(growthbook),
    "our drop-in": PROGRAMS.GrowthBook(ourGrowthbook as unknown as typeof growthbook),
    "our client": native((apiHost) => ({
      dialect: growthbookDialect(),
      source: growthbookSource({ clientKey: KEY, apiHost }),
    })),
  },
  Amplitude: {
    "the vendor's newest Node SDK": PROGRAMS.Amplitude(amplitude),
    "our drop-in": PROGRAMS.Amplitude(ourAmplitude as unknown as typeof amplitude),
    "our client": native((serverUrl) => ({
      dialect: amplitudeDialect(),
      source: amplitudeSource({ deploymentKey: KEY, serverUrl }),
    })),
  },
  PostHog: {
    "the vendor's newest Node SDK": PROGRAMS.PostHog(posthog),
    "our drop-in": PROGRAMS.PostHog(ourPosthog as unknown as typeof posthog),
    "our client": native((host) => ({
      dialect: posthogDialect(),
      source: posthogSource({ projectApiKey: PROJECT, secretKey: KEY, host }),
    })),
  },
};
