import { createHash } from "node:crypto";
import { PostHog } from "posthog-node";
import type { Vendor } from "../answers.js";
import { DEFAULTS } from "../program.js";

/** Evaluates with PostHog's own client. Nothing is sent. */
export async function posthogVendor(text: string): Promise<Vendor> {
  let logged: unknown[] = [];
  const restore = hashAtOnce();
  const client = new PostHog("phc_key", {
    personalApiKey: "phx_key",
    featureFlagsPollingInterval: null,
    strictLocalEvaluation: true,
    fetch: async (url) => new Response(url.includes("/definitions") ? text : "{}") as never, // PostHog declares a part of Response
    before_send: (event) => {
      // It reports every flag, and marks those linked to an experiment.
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
      // Typed getters return the default to subjects for which the flag is off, because nothing is
      // assigned.
      const isAssigned = type === "boolean" || value !== DEFAULTS[type];
      return { value, logged: isAssigned ? (logged[0] ?? null) : null };
    },
    async close() {
      await client.shutdown();
      restore();
    },
  };
}

/**
 * The SDK hashes with WebCrypto, which passes each key to another thread. Hashing synchronously is
 * ten times as fast.
 */
function hashAtOnce(): () => void {
  const { subtle } = globalThis.crypto;
  subtle.digest = async (name, data) => {
    if (name !== "SHA-1") throw new Error(`the SDK hashes with ${name}`);
    return new Uint8Array(
      createHash("sha1")
        .update(data as Uint8Array)
        .digest(),
    ).buffer;
  };
  return () => Reflect.deleteProperty(subtle, "digest"); // restores the inherited one
}

function valueIn(
  result: { enabled: boolean; variant?: string | undefined; payload?: unknown } | undefined,
  type: keyof typeof DEFAULTS,
): unknown {
  if (result === undefined) return DEFAULTS[type];
  if (type === "boolean") return result.enabled;
  return (type === "string" ? result.variant : result.payload) ?? DEFAULTS[type];
}
