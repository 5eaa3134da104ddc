import { createHash } from "node:crypto";
import { PostHog } from "posthog-node";
import type { Vendor } from "../answers.js";
import { DEFAULTS } from "../program.js";

/** PostHog's own client over a payload. Nothing leaves it. */
export async function posthogVendor(text: string): Promise<Vendor> {
  let logged: unknown[] = [];
  const restore = hashAtOnce();
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
    async close() {
      await client.shutdown();
      restore();
    },
  };
}

/** The SDK hashes by WebCrypto, which sends each key to another thread. The same hash without that is ten times as fast. */
function hashAtOnce(): () => void {
  const { subtle } = globalThis.crypto;
  subtle.digest = async (name, data) => {
    if (name !== "SHA-1") throw new Error(`the SDK hashes by ${name}`);
    return new Uint8Array(
      createHash("sha1")
        .update(data as Uint8Array)
        .digest(),
    ).buffer;
  };
  return () => Reflect.deleteProperty(subtle, "digest"); // the one of its prototype is behind it
}

function valueIn(
  result: { enabled: boolean; variant?: string | undefined; payload?: unknown } | undefined,
  type: keyof typeof DEFAULTS,
): unknown {
  if (result === undefined) return DEFAULTS[type];
  if (type === "boolean") return result.enabled;
  return (type === "string" ? result.variant : result.payload) ?? DEFAULTS[type];
}
