import { LocalEvaluationClient } from "@amplitude/experiment-node-server";
import * as eppoSdk from "@eppo/node-server-sdk";
import { GrowthBookClient } from "@growthbook/growthbook";
import { PostHog } from "posthog-node";
import { VARIABLES, type VendorName } from "./start.js";

const SUBJECTS: readonly string[] = Array.from({ length: 500 }, (_, i) => `subject-${i}`);

const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const { KEY, PROJECT } = VARIABLES;

/** Values of the flag `checkout` for all subjects, by the vendor's own SDK, which differs from one server to the other in its host. */
export const ANSWERS: Readonly<Record<VendorName, (url: string) => Promise<readonly unknown[]>>> = {
  async Eppo(baseUrl) {
    const assignmentLogger = { logAssignment() {} };
    const client = await eppoSdk.init({ apiKey: KEY, baseUrl, assignmentLogger });
    const answers = SUBJECTS.map((it) => client.getStringAssignment("checkout", it, {}, "none"));
    client.stopPolling();
    return answers;
  },
  async GrowthBook(apiHost) {
    const client = new GrowthBookClient({ apiHost, clientKey: KEY });
    await client.init();
    const answers = SUBJECTS.map((id) =>
      client.getFeatureValue("checkout", "none", { attributes: { id } }),
    );
    client.destroy();
    return answers;
  },
  async Amplitude(serverUrl) {
    const client = new LocalEvaluationClient(KEY, { serverUrl, loggerProvider: SILENT });
    await client.start();
    const answers = SUBJECTS.map((user_id) => client.evaluateV2({ user_id })["checkout"]?.value);
    client.stop();
    return answers;
  },
  async PostHog(host) {
    const client = new PostHog(PROJECT, { personalApiKey: KEY, host });
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
