import { PostHog } from "posthog-node";
import type { Vendor } from "../answers.js";
import { DEFAULTS } from "../program.js";

/** PostHog's own client over a payload. Nothing leaves it. */
export async function posthogVendor(text: string): Promise<Vendor> {
  let logged: unknown[] = [];
  const client = new PostHog("phc_key", {
    personalApiKey: "phx_key",
    featureFlagsPollingInterval: null,
    strictLocalEvaluation: true,
    fetch: async (url) => new Response(url.includes("/definitions") ? text : "{}") as never, // its type is a part of it
    before_send: (event) => {
      // It reports every flag, and marks those that are linked to an experiment.
      if (event?.properties?.["$feature_flag_has_experiment"] === true) {
        logged.push(String(event.properties["$feature_flag_response"]));
      }
      return null;
    },
  });
  client.on("error", () => {});
  await client.reloadFeatureFlags();
  return {
    async ask({ attributes, flagKey, subjectKey, type }) {
      logged = [];
      const personProperties = attributes as Record<string, string>; // any value is compared
      const result = await client.getFeatureFlagResult(flagKey, subjectKey, {
        personProperties,
        onlyEvaluateLocally: true,
      });
      const value = valueIn(result, type);
      // Getters of values return the default for whoever is off: nothing is assigned.
      const isAssigned = type === "boolean" || value !== DEFAULTS[type];
      return { value, logged: isAssigned ? (logged[0] ?? null) : null };
    },
    close: () => client.shutdown(),
  };
}

function valueIn(
  result: { enabled: boolean; variant?: string | undefined; payload?: unknown } | undefined,
  type: keyof typeof DEFAULTS,
): unknown {
  if (result === undefined) return DEFAULTS[type];
  if (type === "boolean") return result.enabled;
  return (type === "string" ? result.variant : result.payload) ?? DEFAULTS[type];
}
