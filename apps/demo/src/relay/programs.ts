import { LocalEvaluationClient } from "@amplitude/experiment-node-server";
import { GrowthBookClient } from "@growthbook/growthbook";
import { init } from "@sortition/node";
import { PostHog } from "posthog-node";
import type { DemoSubject } from "../subjects.js";

/** Keys of the demo's vendors, for programs and the relay. */
export const KEYS = {
  eppo: "eppo-demo",
  growthbook: "sdk-demo",
  amplitude: "server-demo",
  cohorts: { apiKey: "cohorts-demo", secretKey: "cohorts-secret-demo" },
  posthog: "phs_demo",
  posthogProject: "phc_demo",
};

/** Evaluates flags for all visitors, and closes its client. Only the host tells it which server to use. */
export type Program = (
  host: string,
  visitors: readonly DemoSubject[],
) => Promise<readonly unknown[]>;

/** Vendors, by the name of their environment. */
export type VendorName = "eppo" | "growthbook" | "amplitude" | "posthog";

/** One program per vendor. All use the vendor's SDK, except for Eppo, which uses our client. */
export const PROGRAMS: Readonly<Record<VendorName, Program>> = {
  async eppo(baseUrl, visitors) {
    const client = await init({ apiKey: KEYS.eppo, baseUrl, assignmentLogger: null });
    const answers = visitors.map(({ subjectAttributes, subjectKey }) =>
      client.getStringAssignment("checkout-button", subjectKey, subjectAttributes, "none"),
    );
    await client.close();
    return answers;
  },
  async growthbook(apiHost, visitors) {
    const client = new GrowthBookClient({ apiHost, clientKey: KEYS.growthbook });
    await client.init();
    const answers = visitors.map((it) =>
      client.getFeatureValue("checkout-button", "none", {
        attributes: { ...it.subjectAttributes, id: it.subjectKey },
      }),
    );
    client.destroy();
    return answers;
  },
  async amplitude(serverUrl, visitors) {
    const cohortSyncConfig = { ...KEYS.cohorts, cohortServerUrl: serverUrl };
    const client = new LocalEvaluationClient(KEYS.amplitude, { serverUrl, cohortSyncConfig });
    await client.start();
    const answers = visitors.map(({ subjectAttributes, subjectKey: user_id }) => {
      const { country = "", ...user_properties } = presentOf(subjectAttributes);
      const variants = client.evaluateV2({ user_id, country, user_properties });
      return [variants["new-checkout"]?.key, variants["express-payment"]?.key];
    });
    client.stop();
    return answers;
  },
  async posthog(host, visitors) {
    const { posthog, posthogProject } = KEYS;
    const client = new PostHog(posthogProject, {
      host,
      secretKey: posthog,
      strictLocalEvaluation: true,
    });
    await client.waitForLocalEvaluationReady();
    const answers: unknown[] = [];
    for (const { subjectAttributes, subjectKey } of visitors) {
      const personProperties = presentOf(subjectAttributes);
      const flags = await client.evaluateFlags(subjectKey, { personProperties });
      answers.push(flags.getFlag("checkout-button", { sendFeatureFlagEvents: false }));
    }
    await client.shutdown();
    return answers;
  },
};

/** Returns the attributes that have a value, as strings, because PostHog compares strings. */
function presentOf(attributes: DemoSubject["subjectAttributes"]): Record<string, string> {
  const present = Object.entries(attributes).filter(([, it]) => it !== null && it !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}
