import { FLAG, SUBJECT } from "./bodies.js";
import { type DrilledSdk, REQUEST_TIMEOUT_MS } from "./sdk.js";

const API_KEY = "drill";
const NOTHING = -1;

/** Every SDK, ours after its vendor's. Each is imported by its own process alone. */
export const SDKS: readonly DrilledSdk[] = [
  {
    name: "@eppo/node-server-sdk",
    dialect: "eppo",
    note: "",
    async start(baseUrl, intervalMs) {
      const { init } = await import("@eppo/node-server-sdk");
      const client = await init({
        apiKey: API_KEY,
        baseUrl,
        assignmentLogger: { logAssignment() {} },
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
        pollingIntervalMs: intervalMs,
      });
      return {
        answer: () => versionOf(client.getIntegerAssignment(FLAG, SUBJECT, {}, NOTHING)),
        close: () => client.stopPolling(),
      };
    },
  },
  {
    name: "@sortition/node",
    dialect: "eppo",
    note: "",
    async start(baseUrl, intervalMs) {
      const { init } = await import("@sortition/node");
      const client = await init({
        apiKey: API_KEY,
        baseUrl,
        assignmentLogger: null,
        requestTimeoutMs: REQUEST_TIMEOUT_MS,
        pollIntervalMs: intervalMs,
        pollJitterMs: 0,
        diagnostics: SILENT,
      });
      return {
        answer: () => versionOf(client.getIntegerAssignment(FLAG, SUBJECT, {}, NOTHING)),
        close: () => client.close(),
      };
    },
  },
  growthbook("@growthbook/growthbook", () => import("@growthbook/growthbook")),
  growthbook("@sortition/growthbook", () => import("@sortition/growthbook")),
  amplitude("@amplitude/experiment-node-server", () => import("@amplitude/experiment-node-server")),
  amplitude("@sortition/amplitude", () => import("@sortition/amplitude")),
  posthog("posthog-node", () => import("posthog-node")),
  posthog("@sortition/posthog", () => import("@sortition/posthog")),
];

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const QUIET = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

/** What both packages of GrowthBook's shape have. */
interface GrowthBookModule {
  GrowthBookClient: new (options: {
    apiHost: string;
    clientKey: string;
  }) => {
    init(options: { timeout: number }): Promise<unknown>;
    refreshFeatures(options: { timeout: number; skipCache: boolean }): Promise<void>;
    getFeatureValue(key: string, fallback: number, context: object): unknown;
    destroy(): void;
  };
}

/** It has no poller: the application calls `refreshFeatures`, here once per interval, one call at a time. */
function growthbook(name: string, load: () => Promise<GrowthBookModule>): DrilledSdk {
  return {
    name,
    dialect: "growthbook",
    note: "refreshed by the application",
    async start(apiHost, intervalMs) {
      const { GrowthBookClient } = await load();
      const client = new GrowthBookClient({ apiHost, clientKey: API_KEY });
      await client.init({ timeout: REQUEST_TIMEOUT_MS });
      let isRunning = false;
      const timer = setInterval(async () => {
        if (isRunning) return;
        isRunning = true;
        await client
          .refreshFeatures({ timeout: REQUEST_TIMEOUT_MS, skipCache: true })
          .catch(() => {});
        isRunning = false;
      }, intervalMs);
      return {
        answer: () =>
          versionOf(client.getFeatureValue(FLAG, NOTHING, { attributes: { id: SUBJECT } })),
        close() {
          clearInterval(timer);
          client.destroy();
        },
      };
    },
  };
}

/** What both packages of Amplitude's shape have. */
interface AmplitudeModule {
  Experiment: {
    initializeLocal(
      key: string,
      config: {
        serverUrl: string;
        flagConfigPollingIntervalMillis: number;
        loggerProvider: typeof QUIET;
      },
    ): {
      start(): Promise<void>;
      stop(): unknown;
      evaluateV2(user: { user_id: string }): Record<string, { value?: string | undefined }>;
    };
  };
}

function amplitude(name: string, load: () => Promise<AmplitudeModule>): DrilledSdk {
  return {
    name,
    dialect: "amplitude",
    note: "",
    async start(serverUrl, intervalMs) {
      const { Experiment } = await load();
      const client = Experiment.initializeLocal(API_KEY, {
        serverUrl,
        flagConfigPollingIntervalMillis: intervalMs,
        loggerProvider: QUIET,
      });
      await client.start();
      return {
        answer: () => versionOf(client.evaluateV2({ user_id: SUBJECT })[FLAG]?.value),
        close: () => client.stop(),
      };
    },
  };
}

/** What both packages of PostHog's shape have. */
interface PostHogModule {
  PostHog: new (
    key: string,
    options: {
      host: string;
      personalApiKey: string;
      featureFlagsPollingInterval: number;
      featureFlagsRequestTimeoutMs: number;
    },
  ) => {
    waitForLocalEvaluationReady(timeoutMs?: number): Promise<boolean>;
    getFeatureFlag(
      key: string,
      distinctId: string,
      options: { onlyEvaluateLocally: boolean; sendFeatureFlagEvents: boolean },
    ): Promise<unknown>;
    on(event: "error", listener: () => void): unknown;
    shutdown(): Promise<void>;
  };
}

function posthog(name: string, load: () => Promise<PostHogModule>): DrilledSdk {
  return {
    name,
    dialect: "posthog",
    note: "",
    async start(host, intervalMs) {
      const { PostHog } = await load();
      const client = new PostHog("phc_drill", {
        host,
        personalApiKey: API_KEY,
        featureFlagsPollingInterval: intervalMs,
        featureFlagsRequestTimeoutMs: REQUEST_TIMEOUT_MS,
      });
      client.on("error", () => {});
      await client.waitForLocalEvaluationReady();
      const options = { onlyEvaluateLocally: true, sendFeatureFlagEvents: false };
      return {
        answer: async () => versionOf(await client.getFeatureFlag(FLAG, SUBJECT, options)),
        close: () => client.shutdown(),
      };
    },
  };
}

/** `3` of `3`, `"3"` and `"v3"`. */
function versionOf(value: unknown): number | null {
  const version = Number(String(value).replace(/^v/, ""));
  return Number.isInteger(version) && version !== NOTHING ? version : null;
}
