import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { LocalEvaluationClient } from "@sortition/amplitude";
import type { AttributeValue, Diagnostics, EvaluationObserver } from "@sortition/core";
import type { GeneratedCall } from "@sortition/dialect-kit/openfeature";
import { init } from "@sortition/eppo";
import { GrowthBookClient } from "@sortition/growthbook";
import { PostHog } from "@sortition/posthog";
import type { Name } from "./dialects.js";

export const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

/** Options for opening a drop-in. */
export interface DropInOptions {
  readonly onEvaluation: readonly EvaluationObserver[];
  /** Receives the exposures in the order in which they are logged. */
  onExposure(exposure: unknown): void;
}

/** A package that replaces a vendor's SDK, or our own client, with one configuration. */
export interface DropIn {
  /** Evaluates the flag of a call for its context. */
  evaluate(call: GeneratedCall): unknown;
  /** Evaluates a flag without an exposure. */
  evaluateQuietly(): unknown;
  /** Returns the counters of mistakes and exposures, if there are any. */
  counters?(): unknown;
  close(): Promise<unknown>;
}

/** Opens the drop-in of each vendor. Rejects if the payload is unusable as a whole. */
export const DROP_INS: Readonly<
  Record<Name, (payload: unknown, options: DropInOptions) => Promise<DropIn>>
> = { eppo: openEppo, growthbook: openGrowthbook, amplitude: openAmplitude, posthog: openPosthog };

/** Removes values that JSON cannot express, such as infinite numbers; returns `null` if the payload nests too deeply. */
export function asReceived(payload: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(payload));
  } catch {
    return null;
  }
}

/** Returns the context as attributes for the vendors' SDKs. Dates are converted as in our provider. */
export function attributesOf({ context }: GeneratedCall): Record<string, AttributeValue> {
  const { targetingKey: _, ...members } = context;
  return JSON.parse(JSON.stringify(members)) as Record<string, AttributeValue>;
}

/** Returns the attributes without nested values, which Eppo does not allow. */
export function flatAttributesOf(call: GeneratedCall): Record<string, AttributeValue> {
  const entries = Object.entries(attributesOf(call));
  return Object.fromEntries(entries.filter(([, it]) => typeof it !== "object" || it === null));
}

async function openEppo(
  payload: unknown,
  { onEvaluation, onExposure }: DropInOptions,
): Promise<DropIn> {
  const server = createServer((_, response) => response.end(JSON.stringify(payload)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  try {
    const client = await init({
      apiKey: "key",
      baseUrl: `http://127.0.0.1:${port}/api`,
      assignmentLogger: {
        logAssignment: ({ featureFlag, subject, variation }) =>
          onExposure([featureFlag, subject, variation]),
      },
      numInitialRequestRetries: 0,
      onEvaluation,
      diagnostics: SILENT,
      clock: { now: () => Date.UTC(2026, 5, 1) },
    });
    client.stopPolling();
    return {
      evaluate(call) {
        const { context, defaultValue, flagKey, getter } = call;
        const isInteger =
          client.getFlagConfigurations()[flagKey]?.variationType === ("INTEGER" as never);
        const suffix = {
          boolean: "Boolean",
          string: "String",
          number: isInteger ? "Integer" : "Numeric",
          object: "JSON",
        } as const;
        const key = context.targetingKey ?? "";
        const attributes = flatAttributesOf(call) as never;
        return client[`get${suffix[getter]}Assignment`](
          flagKey,
          key,
          attributes,
          defaultValue as never,
        );
      },
      evaluateQuietly: () => client.getStringAssignment("absent", "alice", {}, "default"),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openGrowthbook(
  payload: unknown,
  { onEvaluation, onExposure }: DropInOptions,
): Promise<DropIn> {
  const client = new GrowthBookClient({
    diagnostics: SILENT,
    onEvaluation,
    trackingCallback: ({ key }, result) => onExposure([key, result.key, result.hashValue]),
  });
  client.initSync({ payload: payload as never });
  return {
    evaluate(call) {
      const { targetingKey: id } = call.context;
      const attributes = { ...attributesOf(call), ...(id !== undefined && { id }) };
      return client.getFeatureValue(call.flagKey, null as never, { attributes });
    },
    evaluateQuietly: () => client.isOn("absent", { attributes: { id: "alice" } }),
    async close() {
      client.destroy();
    },
  };
}

async function openAmplitude(
  payload: unknown,
  { onEvaluation, onExposure }: DropInOptions,
): Promise<DropIn> {
  const flags = payload as readonly { readonly key: string }[];
  const client = new LocalEvaluationClient("key", {
    bootstrap: Object.fromEntries(flags.map((flag) => [flag.key, flag])) as never,
    logger: SILENT,
    clock: { now: () => Date.UTC(2026, 5, 1) },
    onEvaluation,
    exposureLogger: {
      logAssignment: ({ featureFlag, subject, variation }) =>
        onExposure([featureFlag, subject, variation]),
    },
  });
  return {
    evaluate(call) {
      const { targetingKey } = call.context;
      const user = {
        ...(targetingKey !== undefined && { user_id: targetingKey }),
        user_properties: attributesOf(call) as never,
      };
      return client.evaluateV2(user, [call.flagKey], { tracksExposure: true });
    },
    evaluateQuietly: () => client.evaluateV2({ user_id: "alice" }),
    close: async () => client.stop({ timeoutMs: 1_000 }),
  };
}

async function openPosthog(
  payload: unknown,
  { onEvaluation, onExposure }: DropInOptions,
): Promise<DropIn> {
  const client = new PostHog("phc_key", {
    personalApiKey: "phx_key",
    onEvaluation,
    strictLocalEvaluation: true,
    fetch: (async (url: string) =>
      new Response(JSON.stringify(url.includes("/flags/definitions") ? payload : {}))) as never,
    before_send: (event) => {
      const properties = event?.properties ?? {};
      onExposure([
        event?.event,
        event?.distinctId,
        properties["$feature_flag"],
        properties["$feature_flag_response"],
      ]);
      return null;
    },
  });
  client.on("error", () => {}); // the definitions may be unusable
  if (!(await client.waitForLocalEvaluationReady(1_000))) {
    await client.shutdown();
    throw new Error("the definitions are unusable");
  }
  return {
    evaluate(call) {
      const personProperties = attributesOf(call) as never;
      return client.getFeatureFlag(call.flagKey, call.context.targetingKey ?? "alice", {
        personProperties,
      });
    },
    evaluateQuietly: () => client.getAllFlags("alice"),
    close: () => client.shutdown(),
  };
}
