import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as posthog from "../../src/index.js";
import { ShopServer } from "../program/shop-server.js";

const { settings } = posthog;
const DEFAULTS = { ...settings };

type Members = Readonly<Record<string, unknown>>;

let server: ShopServer;
let lines: string[];

beforeEach(async () => {
  server = await new ShopServer().start();
  Object.assign(settings, DEFAULTS, { projectApiKey: "phc_key", host: server.url });
  lines = [];
  for (const level of ["warn", "error", "debug", "info"] as const) {
    vi.spyOn(console, level).mockImplementation((...parts) => void lines.push(parts.join(" ")));
  }
});
afterEach(async () => {
  settings.disabled = false;
  await posthog.shutdown();
  await server.close();
  Object.assign(settings, DEFAULTS);
  vi.restoreAllMocks();
});

/** Returns the properties of the received events. */
async function sent(): Promise<readonly Members[]> {
  await posthog.flush();
  return server.events.map(({ properties }) => properties as Members);
}

/** Captures an event. Returns its received properties, or `undefined`. */
async function captured(event = "clicked", properties: Members = {}): Promise<Members | undefined> {
  posthog.capture(event, { distinctId: "anna", properties });
  return (await sent()).at(-1);
}

async function framesOfError(): Promise<readonly Members[]> {
  posthog.captureException(new Error("boom"));
  const { $exception_list: list = [] } = (await sent()).at(-1) ?? {};
  const [entry] = list as readonly {
    readonly stacktrace: { readonly frames: readonly Members[] };
  }[];
  return entry?.stacktrace.frames ?? [];
}

const definitionsAsked = (): number =>
  server.requests.filter(({ target }) => target.startsWith("/flags/definitions")).length;

/** Tests the effect of each setting. */
const EFFECTS: Readonly<Record<keyof posthog.Settings, () => Promise<void>>> = {
  async apiKey() {
    Object.assign(settings, { projectApiKey: null, apiKey: "phc_other" });
    await captured();
    expect(server.requests[0]?.body).toMatchObject({ api_key: "phc_other" });
  },
  async projectApiKey() {
    Object.assign(settings, { projectApiKey: "phc_wins", apiKey: "phc_other" });
    await captured();
    expect(server.requests[0]?.body).toMatchObject({ api_key: "phc_wins" });
  },
  async host() {
    settings.host = `${server.url}/`;
    expect(await captured()).toBeDefined();
  },
  async onError() {
    const failures: unknown[] = [];
    settings.onError = (error, batch) => failures.push([String(error), batch.length]);
    server.eventStatus = 400;
    await captured();
    expect(failures).toEqual([[expect.stringContaining("400"), 1]]);
  },
  async debug() {
    settings.debug = true;
    await captured();
    expect(lines.join()).toContain("client event");
  },
  async send() {
    settings.send = false;
    expect(posthog.capture("clicked", { distinctId: "anna" })).toBeDefined();
    expect(await sent()).toEqual([]);
    expect(settings.defaultClient?.stats().dropped["not-sent"]).toBe(1);
  },
  async syncMode() {
    settings.syncMode = true;
    posthog.capture("first", { distinctId: "anna" });
    posthog.capture("second", { distinctId: "anna" });
    await vi.waitFor(() => expect(server.events).toHaveLength(2));
    expect(server.requests).toHaveLength(2);
  },
  async disabled() {
    settings.disabled = true;
    expect(posthog.capture("clicked")).toBeUndefined();
    expect(await posthog.getFeatureFlag("banner", "anna")).toBeUndefined();
    expect(server.requests).toEqual([]);
    settings.disabled = false; // takes effect at any time
    expect(await captured()).toBeDefined();
  },
  async personalApiKey() {
    settings.personalApiKey = "phx_key";
    await posthog.loadFeatureFlags();
    expect(server.requests[0]?.headers.authorization).toBe("Bearer phx_key");
  },
  async pollInterval() {
    Object.assign(settings, { personalApiKey: "phx_key", pollInterval: 0.1 });
    await posthog.loadFeatureFlags();
    await vi.waitFor(() => expect(definitionsAsked()).toBeGreaterThan(2));
  },
  async disableGeoip() {
    settings.disableGeoip = false;
    expect(await captured()).not.toHaveProperty("$geoip_disable");
  },
  async isServer() {
    settings.isServer = false;
    expect(await captured()).not.toHaveProperty("$is_server");
  },
  async featureFlagsRequestTimeoutSeconds() {
    settings.featureFlagsRequestTimeoutSeconds = 0.05;
    server.evaluationDelayMs = 60_000;
    const failures = vi.fn();
    const asking = posthog.getFeatureFlag("static-cohort", "anna");
    settings.defaultClient?.on("error", failures);
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(0));
    await sleep(100);
    await posthog.shutdown(); // prevents the second try
    expect(await asking).toBeUndefined();
    expect(server.requests.filter(({ target }) => target.startsWith("/flags"))).toHaveLength(1);
  },
  async superProperties() {
    settings.superProperties = { app: "shop", plan: "common" };
    expect(await captured("clicked", { plan: "own" })).toMatchObject({ app: "shop", plan: "own" });
  },
  async enableExceptionAutocapture() {
    const before = process.listenerCount("uncaughtException");
    settings.enableExceptionAutocapture = true;
    await captured();
    expect(process.listenerCount("uncaughtException")).toBe(before + 1);
    await posthog.shutdown();
    expect(process.listenerCount("uncaughtException")).toBe(before);
  },
  async logCapturedExceptions() {
    settings.logCapturedExceptions = true;
    await framesOfError();
    expect(lines.join()).toContain("exception captured");
  },
  async projectRoot() {
    settings.projectRoot = "/elsewhere";
    expect((await framesOfError()).at(-1)?.["in_app"]).toBe(false);
  },
  async inAppModules() {
    Object.assign(settings, { projectRoot: "/elsewhere", inAppModules: [import.meta.dirname] });
    expect((await framesOfError()).at(-1)?.["in_app"]).toBe(true);
  },
  async privacyMode() {
    settings.privacyMode = true;
    const properties = { $ai_input: "secret", $ai_output_choices: [1], $ai_model: "m" };
    expect(await captured("$ai_generation", properties)).toMatchObject({
      ...{ $ai_input: null, $ai_output_choices: null, $ai_model: "m" },
    });
  },
  async beforeSend() {
    settings.beforeSend = (event) =>
      event.event === "dropped"
        ? null
        : { ...event, properties: { ...event.properties, seen: true } };
    expect(posthog.capture("dropped")).toBeUndefined();
    expect(await captured()).toMatchObject({ seen: true });
  },
  async enableLocalEvaluation() {
    Object.assign(settings, { personalApiKey: "phx_key", enableLocalEvaluation: false });
    await posthog.getFeatureFlag("static-cohort", "anna");
    expect(definitionsAsked()).toBe(0);
    expect(await posthog.getRemoteConfigPayload("theme")).toEqual({ colour: "blue" });
  },
  async flagDefinitionCacheProvider() {
    const received: unknown[] = [];
    settings.personalApiKey = "phx_key";
    settings.flagDefinitionCacheProvider = {
      getFlagDefinitions: async () => undefined,
      shouldFetchFlagDefinitions: async () => true,
      onFlagDefinitionsReceived: async (data) => void received.push(data),
      shutdown: async () => {},
    };
    await posthog.loadFeatureFlags();
    expect(received).toMatchObject([{ group_type_mapping: { 0: "company" } }]);
  },
  async defaultClient() {
    const own = new posthog.PostHog("phc_own", { host: server.url });
    settings.defaultClient = own;
    await captured();
    expect(server.requests[0]?.body).toMatchObject({ api_key: "phc_own" });
    expect(own.stats().delivered).toBe(1);
  },
  async captureExceptionCodeVariables() {
    settings.captureExceptionCodeVariables = true;
    expect(await variables()).toMatchObject({ shown: 1, token: expect.stringContaining("$$_") });
  },
  async codeVariablesMaskPatterns() {
    settings.captureExceptionCodeVariables = true;
    settings.codeVariablesMaskPatterns = ["shown"];
    expect(await variables()).toMatchObject({ shown: expect.stringContaining("$$_"), token: 2 });
  },
  async codeVariablesIgnorePatterns() {
    settings.captureExceptionCodeVariables = true;
    settings.codeVariablesIgnorePatterns = [/^shown$/];
    expect(await variables()).not.toHaveProperty("shown");
  },
};

/** Returns the local variables of a function that fails. */
async function variables(): Promise<unknown> {
  await captured(); // creates the client
  const [shown, token] = [1, 2];
  try {
    throw new Error(`boom ${shown}${token}`);
  } catch (error) {
    posthog.captureException(error);
  }
  const { $exception_list: list = [] } = (await sent()).at(-1) ?? {};
  const [entry] = list as readonly {
    readonly stacktrace: { readonly frames: readonly Members[] };
  }[];
  return entry?.stacktrace.frames.at(-1)?.["code_variables"] ?? {};
}

describe("each setting has its effect", () => {
  it("is covered by this test, for all 26", () => {
    expect(Object.keys(EFFECTS).sort()).toEqual(Object.keys(settings).sort());
    expect(Object.keys(EFFECTS)).toHaveLength(26);
  });

  it.each(Object.entries(EFFECTS))("%s", async (_, effect) => effect());
});
