import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as posthog from "../../src/index.js";
import { asked, DEFAULTS, sent, stage, start, useStage } from "./stage.js";

const { settings } = posthog;

useStage();

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe("capture", () => {
  it("sends an event without a person if there is no identifier", async () => {
    posthog.capture("clicked");
    const [event] = await sent();
    expect(event?.properties["$process_person_profile"]).toBe(false);
    expect(event?.distinct_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("does not throw for any arguments", () => {
    const capture = posthog.capture as (...parts: unknown[]) => unknown;
    expect([capture("alice", "clicked"), capture(5), capture(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(stage.lines).toHaveLength(3);
  });

  it("copies its arguments", async () => {
    const properties = { list: [1] };
    posthog.capture("clicked", { distinctId: "alice", properties });
    properties.list.push(2);
    expect((await sent())[0]?.properties["list"]).toEqual([1]);
  });
});

describe("set, setOnce, groupIdentify, alias", () => {
  it("send events in the form of the Python SDK's", async () => {
    posthog.newContext(() => {
      posthog.identifyContext("carl");
      posthog.tag("plan", "pro");
      posthog.setContextSession("s");
      posthog.set({ distinctId: "alice", properties: { a: 1 } });
      posthog.setOnce({ distinctId: null, properties: { b: 1 } });
      posthog.groupIdentify("company", "acme", { properties: { size: 5 }, distinctId: "alice" });
      posthog.alias("anonymous", "alice");
    });
    const [set, setOnce, group, alias] = await sent();
    expect(set).toMatchObject({
      ...{ event: "$set", distinct_id: "alice", $set: { plan: "pro", a: 1 } },
    });
    expect(set?.properties).toMatchObject({ $session_id: "s" });
    expect(setOnce).toMatchObject({
      ...{ event: "$set_once", distinct_id: "carl", $set_once: { plan: "pro", b: 1 } },
    });
    expect(group?.properties).toMatchObject({
      $group_type: "company",
      $group_key: "acme",
      $group_set: { size: 5 },
      $session_id: "s",
    });
    expect(group?.properties).not.toHaveProperty("plan");
    expect(alias).toMatchObject({
      event: "$create_alias",
      distinct_id: "anonymous",
      properties: { distinct_id: "anonymous", alias: "alice", $session_id: "s" },
    });
  });

  it("send nothing without a person, properties, a type, or identifiers", async () => {
    posthog.set({ properties: { a: 1 } });
    posthog.setOnce({ distinctId: "alice" });
    posthog.groupIdentify("", "acme");
    posthog.alias("", "alice");
    expect(await sent()).toEqual([]);
  });

  it("create a person for a group without one", async () => {
    posthog.groupIdentify("company", "acme");
    const [event] = await sent();
    expect(event?.distinct_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(event?.properties).not.toHaveProperty("$process_person_profile");
  });
});

describe("contexts", () => {
  it("add their tags, identities and tag names to events", async () => {
    posthog.newContext(() => {
      posthog.identifyContext("alice");
      posthog.setContextSession("s");
      posthog.tag("plan", "pro");
      posthog.newContext(() => {
        posthog.tag("step", 1);
        posthog.capture("x", { properties: { step: 2 } });
      });
      posthog.newContext(() => posthog.capture("y"), { fresh: true });
    });
    const [x, y] = await sent();
    expect(x).toMatchObject({
      distinct_id: "alice",
      properties: { plan: "pro", step: 2, $session_id: "s", $context_tags: ["plan", "step"] },
    });
    expect(y?.properties).not.toHaveProperty("plan");
  });

  it("share one store with the class", () => {
    const { defaultClient } = settings;
    defaultClient?.withContext({ distinctId: "alice", properties: { a: 1 } }, () => {
      expect(posthog.getTags()).toEqual({ a: 1 });
      posthog.newContext(() => {
        posthog.tag("b", 2);
        expect(defaultClient.getContext()).toEqual({
          distinctId: "alice",
          properties: { a: 1, b: 2 },
        });
      });
    });
  });

  it("capture errors once and pass them on", async () => {
    const error = new TypeError("boom");
    const fail = (): never => {
      throw error;
    };
    expect(() => posthog.newContext(() => posthog.newContext(fail))).toThrow(error);
    expect(posthog.captureException(error)).toBeUndefined();
    const rejected = posthog.scoped()(async () => {
      posthog.tag("job", "nightly");
      throw new RangeError("later");
    });
    await expect(rejected()).rejects.toThrow("later");
    expect(() => posthog.newContext(() => fail(), { captureExceptions: false })).toThrow(error);
    const types = (await sent()).map(({ properties }) => [
      (properties["$exception_list"] as { type: string }[])[0]?.type,
      properties["job"],
    ]);
    // Sorted, because the order depends on when the source code around their frames was read.
    expect(types.sort()).toEqual([
      ["RangeError", "nightly"],
      ["TypeError", undefined],
    ]);
  });

  it("warn about functions that have no effect outside of a context", () => {
    posthog.tag("a", 1);
    posthog.identifyContext("alice");
    posthog.setContextSession("s");
    posthog.setContextDeviceId("d");
    posthog.setCodeVariablesMaskPatternsContext(["x"]);
    posthog.setCodeVariablesIgnorePatternsContext(["x"]);
    expect(stage.lines).toHaveLength(6);
    expect(posthog.getTags()).toEqual({});
  });
});

describe("captureException", () => {
  it("captures an object once, and any other value each time", async () => {
    const error = new Error("boom");
    const given = [error, error, "text", "text"];
    const uuids = given.map((it) => posthog.captureException(it, { distinctId: "alice" }));
    expect(uuids.map((it) => it !== undefined)).toEqual([true, false, true, true]);
    expect(await sent()).toHaveLength(3);
  });

  it("uses the stack of its caller for a value without one", async () => {
    posthog.captureException("text");
    const [event] = await sent();
    const { $exception_list: list } = (event?.properties ?? {}) as {
      $exception_list?: readonly { stacktrace: { frames: { filename: string }[] } }[];
    };
    expect(list?.[0]?.stacktrace.frames.at(-1)?.filename).toContain("module.test.ts");
  });

  it("sends nothing without an argument", async () => {
    expect(posthog.captureException()).toBeUndefined();
    expect(await sent()).toEqual([]);
    expect(stage.lines).toHaveLength(1);
  });
});

describe("flags", () => {
  it("are evaluated by the server if there are no definitions", async () => {
    expect(await posthog.featureEnabled("banner", "alice")).toBe(true);
    expect(await posthog.getFeatureFlag("banner", "alice")).toBe("blue");
    const result = await posthog.getFeatureFlagResult("banner", "alice");
    expect(result).toMatchObject({ key: "banner", enabled: true, variant: "blue" });
    expect([result?.getValue(), result?.payload]).toEqual(["blue", { a: 1 }]);
    expect(await posthog.getFeatureFlagPayload("banner", "alice")).toEqual({ a: 1 });
    expect(await posthog.getAllFlags("alice")).toEqual({ banner: "blue" });
    expect(await posthog.getAllFlagsAndPayloads("alice")).toMatchObject({
      featureFlags: { banner: "blue" },
    });
    const snapshot = await posthog.evaluateFlags("alice");
    expect(snapshot.getFlag("banner")).toBe("blue");
    expect((await sent()).filter(({ event }) => event === "$feature_flag_called")).toHaveLength(1);
  });

  it("use the device of the call, the person or the context", async () => {
    await posthog.getFeatureFlag("banner", "alice", { deviceId: "own" });
    await posthog.getFeatureFlag("banner", "bob", { personProperties: { $device_id: "person" } });
    await posthog.newContext(async () => {
      posthog.setContextDeviceId("context");
      await posthog.getFeatureFlag("banner", "carol");
    });
    expect(asked().map((it) => it["$device_id"])).toEqual(["own", "person", "context"]);
  });

  it("have neutral values when everything is disabled", async () => {
    settings.disabled = true;
    expect(await posthog.featureEnabled("banner", "alice")).toBeUndefined();
    expect(await posthog.getAllFlags("alice")).toEqual({});
    expect((await posthog.evaluateFlags("alice")).keys).toEqual([]);
    expect(asked()).toEqual([]);
  });

  it("need a key for definitions and remote config", async () => {
    expect(await posthog.getRemoteConfigPayload("x")).toBeUndefined();
    await posthog.loadFeatureFlags();
    expect(posthog.featureFlagDefinitions()).toBeNull();
    expect(stage.lines).toHaveLength(2);
  });
});

describe("settings", () => {
  it("are 26, sealed, with the defaults of the Python SDK", () => {
    expect(Object.keys(DEFAULTS)).toHaveLength(26);
    expect(DEFAULTS).toMatchObject({ pollInterval: 30, disableGeoip: true, send: true });
    expect(() => Object.assign(settings, { unknown: 1 })).toThrow(TypeError);
  });

  it("are read when the client is created, and a later change is reported once", () => {
    server.respond({ kind: "answer", status: 200 });
    Object.assign(settings, { defaultClient: null, host: server.url });
    settings.superProperties = { app: "shop" };
    posthog.capture("x");
    settings.host = "https://elsewhere.example";
    posthog.capture("x");
    posthog.capture("x");
    expect(stage.lines.filter((it) => it.includes("settings.host"))).toHaveLength(1);
    expect(settings.defaultClient).not.toBeNull();
  });

  it("make the first call throw if they have a wrong type", () => {
    settings.defaultClient = null;
    Object.assign(settings, { pollInterval: "soon" });
    expect(() => posthog.capture("x")).toThrow(/settings\.pollInterval/);
  });

  it("make functions throw their errors with debug", () => {
    vi.spyOn(start(), "captureNow").mockImplementation(() => {
      throw new Error("inside");
    });
    expect(posthog.capture("x")).toBeUndefined();
    settings.debug = true;
    expect(() => posthog.capture("x")).toThrow("inside");
  });

  it("create a client that does nothing without a key", async () => {
    Object.assign(settings, { projectApiKey: null, defaultClient: null });
    expect(posthog.capture("x")).toBeUndefined();
    expect(await posthog.getFeatureFlag("banner", "alice")).toBeUndefined();
  });
});

describe("sockets", () => {
  const answer: Reply = { kind: "answer", body: JSON.stringify({ flags: {} }) };
  const ask = async (): Promise<void> => {
    const asking = new posthog.PostHog("phc_key", { host: server.url });
    for (let i = 0; i < 3; i++) await asking.getAllFlags("alice");
    await asking.shutdown();
  };

  it("are not reused after disableConnectionReuse", async () => {
    server.respond(answer);
    const before = server.requests.length;
    posthog.disableConnectionReuse();
    await ask();
    posthog.setSocketOptions({ family: 4, noDelay: true });
    posthog.enableKeepAlive();
    await ask();
    const closed = new Set(server.requests.slice(before).map((it) => it.connectionClosed));
    expect(closed.size).toBe(6);
  });

  it("have no raw options", () => {
    const raw = [[6, 1, 1]] as unknown as posthog.SocketOptions;
    expect(() => posthog.setSocketOptions(raw)).toThrow(/keepAlive/);
  });
});
