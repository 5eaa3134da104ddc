import { LocalEvaluationClient } from "@amplitude/experiment-node-server";
import type { Vendor } from "../answers.js";
import { DEFAULTS } from "../program.js";

/** Members of the vendor's client that its types hide. */
interface Inner {
  readonly exposureService: { readonly amplitude: { logEvent(event: object): void } };
}

const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Evaluates with Amplitude's own client. Tracked events are recorded and not sent. */
export async function amplitudeVendor(text: string): Promise<Vendor> {
  const flags = JSON.parse(text) as { key: string }[];
  const client = new LocalEvaluationClient("deployment", {
    bootstrap: Object.fromEntries(flags.map((flag) => [flag.key, flag])) as never, // in the written format
    exposureConfig: { apiKey: "analytics" },
    loggerProvider: SILENT,
  });
  let logged: { event_properties?: Record<string, unknown> }[] = [];
  (client as unknown as Inner).exposureService.amplitude.logEvent = (event) =>
    void logged.push(event as never);
  return {
    async ask({ attributes, flagKey, subjectKey, type }) {
      logged = [];
      const { country, ...properties } = attributes;
      const user = {
        user_id: subjectKey,
        ...(typeof country === "string" ? { country } : {}),
        user_properties: properties,
      };
      const variant = client.evaluateV2(user, [flagKey], { tracksExposure: true })[flagKey];
      // The client tracks in a microtask.
      await Promise.resolve();
      return {
        value: variant === undefined ? DEFAULTS[type] : valueIn(variant, type),
        logged: logged[0]?.event_properties?.["[Experiment] Variant"] ?? null,
      };
    },
  };
}

function valueIn(
  { key, payload, value }: { key?: string; payload?: unknown; value?: string },
  type: keyof typeof DEFAULTS,
): unknown {
  if (type === "boolean") return key !== "off";
  if (type === "json") return payload;
  return type === "string" ? value : Number(value);
}
