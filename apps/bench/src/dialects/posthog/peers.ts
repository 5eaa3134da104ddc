import { type Client, Configuration, createClient, type Diagnostics } from "@sortition/core/client";
import { PostHog as OurPostHog } from "@sortition/posthog";
import { type PosthogDetails, type PosthogExtras, posthog } from "@sortition/posthog/dialect";
import { PostHog } from "posthog-node";
import { responseOf } from "./response.js";

/** A person with properties. */
export interface Visitor {
  readonly key: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** Value of a flag. */
export type Value = string | boolean | undefined;

/** Reports an exposure, or sends `$feature_flag_called`. */
export type OnExposure = () => void;

/** Evaluates flags from definitions in memory. */
export interface Evaluating {
  /** The key of a variant; {@link NOTHING}, `false` or `undefined`: none. */
  variant(flagKey: string, visitor: Visitor): Value | Promise<Value>;
  /** Whether a flag is on. */
  isOn(flagKey: string, visitor: Visitor): Value | Promise<Value>;
  /** How many flags have the value `test`. */
  countTests(visitor: Visitor): number | Promise<number>;
  close(): Promise<unknown>;
}

/** One of the compared clients. */
export interface Peer {
  readonly name: string;
  /** Whether it returns promises. */
  readonly isAsync: boolean;
  /**
   * Does what a refresh does once the bytes are received.
   *
   * @param onExposure - is told of exposures. Without it there are no events.
   */
  load(bytes: Uint8Array, onExposure?: OnExposure): Promise<Evaluating>;
  /** Gets definitions from a server. */
  follow(baseUrl: string): Promise<Evaluating & { refresh(): Promise<unknown> }>;
}

/** Returned by our client where a flag has no value. */
export const NOTHING = "nothing";

/** Keys that both clients accept. */
export const KEYS = { project: "phc_bench", secret: "phs_bench" } as const;

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
/** Refreshes happen on demand alone. */
const NEVER_MS = 86_400_000;

type Native = Client<PosthogDetails, PosthogExtras>;

function evaluatingBy(client: Native): Evaluating {
  const keys = [...(client.getConfiguration()?.flagKeys ?? [])];
  return {
    variant: (flagKey, { key, properties }) =>
      client.getStringAssignment(flagKey, key, properties, NOTHING),
    isOn: (flagKey, { key, properties }) =>
      client.getBooleanAssignment(flagKey, key, properties, false),
    countTests({ key, properties }) {
      let count = 0;
      for (const flagKey of keys) {
        const value = client.getStringAssignment(flagKey, key, properties, NOTHING);
        if (value === "test") count += 1;
      }
      return count;
    },
    close: () => client.close(),
  };
}

/** Our client with PostHog's dialect. */
export const native: Peer = {
  name: "sortition",
  isAsync: false,
  async load(bytes, onExposure) {
    const dialect = posthog();
    return evaluatingBy(
      createClient<PosthogDetails, PosthogExtras>({
        dialect,
        initialConfiguration: Configuration.from({ dialect, payloads: { flags: bytes } }),
        ...(onExposure === undefined ? {} : { assignmentLogger: { logAssignment: onExposure } }),
        diagnostics: SILENT,
      }),
    );
  },
  async follow(baseUrl) {
    const { init } = await import("@sortition/node");
    const client = await init({
      dialect: posthog({ projectApiKey: KEYS.project }),
      apiKey: KEYS.secret,
      baseUrl,
      pollIntervalMs: NEVER_MS,
      diagnostics: SILENT,
    });
    const refresh = () => client.refresh({ timeoutMs: 60_000 });
    return { ...evaluatingBy(client), refresh };
  },
};

/** Our drop-in. */
export const facade: Peer = classPeer(
  "@sortition/posthog",
  OurPostHog as unknown as typeof PostHog, // the same surface
);

/** The vendor's SDK. */
export const vendor: Peer = classPeer("posthog-node", PostHog);

function classPeer(name: string, Class: typeof PostHog): Peer {
  type Options = NonNullable<ConstructorParameters<typeof PostHog>[1]>;
  const open = async (options: Options, onExposure?: OnExposure): Promise<PostHog> => {
    // That methods are deprecated: they are the ones that applications call.
    console.warn = () => {};
    const client = new Class(KEYS.project, {
      secretKey: KEYS.secret,
      featureFlagsPollingInterval: NEVER_MS,
      ...options,
      // Events are counted, and not sent.
      before_send: () => {
        onExposure?.();
        return null;
      },
    });
    await client.waitForLocalEvaluationReady();
    return client;
  };
  const evaluating = (client: PostHog, sendFeatureFlagEvents: boolean): Evaluating => ({
    variant: (flagKey, { key, properties: personProperties }) =>
      client.getFeatureFlag(flagKey, key, {
        personProperties,
        onlyEvaluateLocally: true,
        sendFeatureFlagEvents,
      }),
    isOn: (flagKey, { key, properties: personProperties }) =>
      client.isFeatureEnabled(flagKey, key, {
        personProperties,
        onlyEvaluateLocally: true,
        sendFeatureFlagEvents,
      }),
    async countTests({ key, properties: personProperties }) {
      const flags = await client.getAllFlags(key, { personProperties, onlyEvaluateLocally: true });
      let count = 0;
      for (const value of Object.values(flags)) if (value === "test") count += 1;
      return count;
    },
    close: () => client.shutdown(),
  });
  return {
    name,
    isAsync: true,
    async load(bytes, onExposure) {
      let body: Uint8Array | null = bytes;
      const fetch: NonNullable<Options["fetch"]> = async () => {
        if (body === null) throw new Error("definitions are requested once");
        const response = responseOf(body);
        body = null; // what a server would not leave in this process
        return response;
      };
      return evaluating(await open({ fetch }, onExposure), onExposure !== undefined);
    },
    async follow(baseUrl) {
      const client = await open({ host: baseUrl });
      return { ...evaluating(client, false), refresh: () => client.reloadFeatureFlags() };
    },
  };
}
