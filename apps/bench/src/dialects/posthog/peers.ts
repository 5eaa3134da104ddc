import { posthog } from "@sortition/posthog/dialect";
import type { PostHog } from "posthog-node";
import { NEVER_MS, nativePeer, PATIENCE_MS, partsOf } from "../native.js";
import type { Opened, Peer, Visitor } from "../peer.js";
import { responseOf } from "./response.js";

const KEYS = { project: "phc_bench", secret: "phs_bench" } as const;

export const native: Peer = nativePeer(
  partsOf(() => posthog({ projectApiKey: KEYS.project }), KEYS.secret),
);

export const dropIn: Peer = classPeer("@sortition/posthog", async () => {
  const { PostHog } = await import("@sortition/posthog");
  return PostHog as unknown as Class; // has the same methods
});

export const sdk: Peer = classPeer(
  "posthog-node",
  async () => (await import("posthog-node")).PostHog,
);

type Class = typeof PostHog;
type Options = NonNullable<ConstructorParameters<Class>[1]>;

function classPeer(name: string, load: () => Promise<Class>): Peer {
  const open = async (options: Options, onEvent?: () => void): Promise<PostHog> => {
    // Hides warnings about deprecated methods, which applications still call.
    console.warn = () => {};
    const client = new (await load())(KEYS.project, {
      secretKey: KEYS.secret,
      featureFlagsPollingInterval: NEVER_MS,
      ...options,
      // Events are counted instead of sent.
      before_send: () => {
        onEvent?.();
        return null;
      },
    });
    client.on("error", () => {}); // the drill's server fails on purpose
    await client.waitForLocalEvaluationReady();
    return client;
  };
  return {
    name,
    isAsync: true,
    async open(bytes, logged) {
      let body: Uint8Array | null = bytes;
      const fetch: NonNullable<Options["fetch"]> = async () => {
        if (body === null) throw new Error("definitions are requested once");
        const response = responseOf(body);
        body = null; // do not measure it, because a real server would be another process
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
  const optionsFor = ({ attributes: personProperties }: Visitor) => {
    return { personProperties, onlyEvaluateLocally: true, sendFeatureFlagEvents };
  };
  return {
    string: (flagKey, it) => client.getFeatureFlag(flagKey, it.key, optionsFor(it)),
    boolean: (flagKey, it) => client.isFeatureEnabled(flagKey, it.key, optionsFor(it)),
    async countOn({ attributes: personProperties, key }) {
      const flags = await client.getAllFlags(key, { personProperties, onlyEvaluateLocally: true });
      let count = 0;
      for (const value of Object.values(flags)) if (value === "test") count += 1;
      return count;
    },
    close: () => client.shutdown(),
  };
}
