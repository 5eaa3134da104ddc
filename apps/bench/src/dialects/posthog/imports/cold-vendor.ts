import { definitionBytes, halves, shopFlags } from "../definitions.js";
import { firstAnswer } from "../first-answer.js";
import { responseOf } from "../response.js";

const bytes = definitionBytes([...shopFlags(99), halves("flag")]);
await firstAnswer(async () => {
  const { PostHog } = await import("posthog-node");
  const fetch = async () => responseOf(bytes);
  const client = new PostHog("phc_bench", { secretKey: "phs_bench", fetch });
  await client.waitForLocalEvaluationReady();
  const options = { onlyEvaluateLocally: true, sendFeatureFlagEvents: false };
  return client.getFeatureFlag("flag", "user-1", options);
});
