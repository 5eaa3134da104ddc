import { Configuration, createClient } from "@sortition/core/client";
import { type PosthogDetails, type PosthogExtras, posthog } from "@sortition/posthog/dialect";
import type { PostHog } from "posthog-node";
import { NEVER_MS, nativePeer, nodeOptions, PATIENCE_MS } from "../native.js";
import type { Opened, Peer } from "../peer.js";
import { responseOf } from "./response.js";

export const KEYS = { project: "phc_bench", secret: "phs_bench" } as const;

export const native: Peer = nativePeer({
  load: (flags) => Configuration.from({ dialect: posthog(), payloads: { flags } }),
  create: (initialConfiguration, options) =>
    createClient<PosthogDetails, PosthogExtras>({
      dialect: posthog(),
      initialConfiguration,
      ...options,
    }),
  async follow(baseUrl, options) {
    const { init } = await import("@sortition/node");
    const dialect = posthog({ projectApiKey: KEYS.project });
    return await init({ dialect, ...nodeOptions(baseUrl, options), apiKey: KEYS.secret });
  },
  on: "test",
});

export const dropIn: ClassPeer = classPeer("@sortition/posthog", async () => {
  const { PostHog } = await import("@sortition/posthog");
  return PostHog as unknown as Class; // the same surface
});

export const sdk: ClassPeer = classPeer(
  "posthog-node",
  async () => (await import("posthog-node")).PostHog,
);

type Class = typeof PostHog;
type Options = NonNullable<ConstructorParameters<Class>[1]>;

export interface ClassPeer extends Peer {
  load(): Promise<Class>;
}

function classPeer(name: string, load: () => Promise<Class>): ClassPeer {
  const open = async (options: Options, onEvent?: () => void): Promise<PostHog> => {
    // That methods are deprecated: they are the ones that applications call.
    console.warn = () => {};
    const client = new (await load())(KEYS.project, {
      secretKey: KEYS.secret,
      featureFlagsPollingInterval: NEVER_MS,
      ...options,
      // Events are counted, and not sent.
      before_send: () => {
        onEvent?.();
        return null;
      },
    });
    client.on("error", () => {}); // a server that fails is what the drill has
    await client.waitForLocalEvaluationReady();
    return client;
  };
  return {
    name,
    load,
    isAsync: true,
    async open(bytes, logged) {
      let body: Uint8Array | null = bytes;
      const fetch: NonNullable<Options["fetch"]> = async () => {
        if (body === null) throw new Error("definitions are requested once");
        const response = responseOf(body);
        body = null; // what a server would not leave in this process
        return response;
      };
      return openedBy(await open({ fetch }, logged?.onEvent), logged !== undefined);
    },
    async follow(host, { pace }) {
      const { intervalMs = NEVER_MS, requestTimeoutMs = PATIENCE_MS } = pace ?? {};
      const client = await open({
        host,
        featureFlagsPollingInterval: intervalMs,
        featureFlagsRequestTimeoutMs: requestTimeoutMs,
      });
      return { ...openedBy(client, false), refresh: () => client.reloadFeatureFlags() };
    },
  };
}

function openedBy(client: PostHog, sendFeatureFlagEvents: boolean): Opened {
  return {
    string: (flagKey, { attributes: personProperties, key }) =>
      client.getFeatureFlag(flagKey, key, {
        personProperties,
        onlyEvaluateLocally: true,
        sendFeatureFlagEvents,
      }),
    boolean: (flagKey, { attributes: personProperties, key }) =>
      client.isFeatureEnabled(flagKey, key, {
        personProperties,
        onlyEvaluateLocally: true,
        sendFeatureFlagEvents,
      }),
    async countOn(_, { attributes: personProperties, key }) {
      const flags = await client.getAllFlags(key, { personProperties, onlyEvaluateLocally: true });
      let count = 0;
      for (const value of Object.values(flags)) if (value === "test") count += 1;
      return count;
    },
    close: () => client.shutdown(),
  };
}
