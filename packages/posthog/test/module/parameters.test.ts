import { transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import * as posthog from "../../src/index.js";
import { asked, type Members, sent, stage, start, useStage } from "./stage.js";

const { settings } = posthog;
const UUID = "01a1fa73-e699-7105-91c7-f8ce79aa27aa";

useStage();

/** The common options of functions that capture. */
const CAPTURING: Readonly<Record<string, (options: posthog.CaptureOptions) => unknown>> = {
  capture: (it) => posthog.capture("clicked", it),
  set: (it) => posthog.set({ distinctId: "anna", properties: { a: 1 }, ...it }),
  setOnce: (it) => posthog.setOnce({ distinctId: "anna", properties: { a: 1 }, ...it }),
  groupIdentify: (it) => posthog.groupIdentify("company", "acme", it),
  alias: (it) => posthog.alias("before", "after", it),
  captureException: (it) => posthog.captureException(new Error("x"), it),
};

describe.each(Object.keys(CAPTURING))("%s", (name) => {
  const call = (options: posthog.CaptureOptions): unknown => CAPTURING[name]?.(options);

  /** Returns the events with the identifiers that calls returned. Exceptions are described in any order. */
  const eventsOf = async (uuids: readonly unknown[]): Promise<readonly (Members | undefined)[]> => {
    const events = await sent();
    return uuids.map((uuid) => events.find((event) => event["uuid"] === uuid));
  };

  it("sends timestamp as the time of the event, in UTC", async () => {
    const given = ["2026-01-02T03:04:05+02:00", new Date(0)];
    const events = await eventsOf(given.map((timestamp) => call({ timestamp })));
    expect(events.map((event) => event?.["timestamp"])).toEqual([
      "2026-01-02T01:04:05.000Z",
      "1970-01-01T00:00:00.000Z",
    ]);
  });

  it("uses uuid as the identifier, or replaces an invalid one", async () => {
    const returned = [call({ uuid: UUID }), call({ uuid: "none" })];
    expect(await eventsOf(returned)).toEqual([expect.anything(), expect.anything()]);
    expect(returned[0]).toBe(UUID);
    expect(returned[1]).toMatch(/^[\da-f-]{36}$/);
  });

  it("lets disableGeoip override the setting", async () => {
    const events = await eventsOf([call({ disableGeoip: false }), call({})]);
    const [own, common] = events.map((event) => event?.["properties"] as Members | undefined);
    expect([own?.["$geoip_disable"], common?.["$geoip_disable"]]).toEqual([undefined, true]);
  });

  it("null stands for an absent member", async () => {
    const nothing = { timestamp: null, uuid: null, disableGeoip: null };
    const returned = call(nothing as unknown as posthog.CaptureOptions);
    const [event] = await sent();
    expect(event?.["uuid"]).toBe(returned);
    expect(event?.["properties"]).toMatchObject({ $geoip_disable: true });
  });
});

interface Shop {
  order(item: string): unknown;
  later(item: string): Promise<unknown>;
}

/** Standard decorators, as in TypeScript 5. */
const SHOP = `class Shop {
  readonly name = "corner";

  @posthog.scoped({ fresh: true })
  order(item: string): unknown {
    posthog.tag("item", item);
    return [this.name, posthog.getTags()];
  }

  @posthog.scoped()
  async later(item: string): Promise<unknown> {
    posthog.tag("item", item);
    await Promise.resolve();
    return posthog.getTags();
  }
}`;

describe("capture and captureException", () => {
  it.each(["capture", "captureException"])(
    "%s: distinctId, properties, groups, flags and sendFeatureFlags",
    async (name) => {
      const flags = await posthog.evaluateFlags("anna");
      const common = { distinctId: "anna", properties: { a: 1 }, groups: { company: "acme" } };
      CAPTURING[name]?.({ ...common, flags });
      CAPTURING[name]?.({ ...common, sendFeatureFlags: { flagKeys: ["banner"] } });
      CAPTURING[name]?.({ ...common, sendFeatureFlags: false });
      const events = await sent();
      expect(events).toHaveLength(3);
      const values = events.map(({ distinct_id, properties }) => {
        expect([distinct_id, properties]).toMatchObject([
          "anna",
          { a: 1, $groups: { company: "acme" } },
        ]);
        return (properties as Members)["$feature/banner"];
      });
      expect(values.filter((value) => value === "blue")).toHaveLength(2);
    },
  );
});

/** The common options of functions that evaluate. */
const EVALUATING: Readonly<Record<string, (options: posthog.FlagFunctionOptions) => unknown>> = {
  featureEnabled: (it) => posthog.featureEnabled("banner", "anna", it),
  getFeatureFlag: (it) => posthog.getFeatureFlag("banner", "anna", it),
  getFeatureFlagResult: (it) => posthog.getFeatureFlagResult("banner", "anna", it),
  getFeatureFlagPayload: (it) => posthog.getFeatureFlagPayload("banner", "anna", it),
  getAllFlags: (it) => posthog.getAllFlags("anna", it),
  getAllFlagsAndPayloads: (it) => posthog.getAllFlagsAndPayloads("anna", it),
  evaluateFlags: (it) => posthog.evaluateFlags("anna", it),
};

describe.each(Object.keys(EVALUATING))("%s", (name) => {
  const call = async (options: posthog.FlagFunctionOptions): Promise<unknown> =>
    EVALUATING[name]?.(options);

  it("sends distinctId, groups, personProperties, groupProperties, disableGeoip and deviceId in the request", async () => {
    await call({
      groups: { company: "acme" },
      personProperties: { plan: "team" },
      groupProperties: { company: { seats: 5 } },
      ...{ disableGeoip: false, deviceId: "device" },
    });
    expect(asked()).toMatchObject([
      {
        distinct_id: "anna",
        groups: { company: "acme" },
        person_properties: { plan: "team" },
        group_properties: { company: { seats: 5, $group_key: "acme" } },
        geoip_disable: false,
        $device_id: "device",
      },
    ]);
  });

  it("sends no request with onlyEvaluateLocally", async () => {
    await call({ onlyEvaluateLocally: true });
    expect(asked()).toEqual([]);
  });

  it("null stands for an absent member", async () => {
    const nothing = { groups: null, personProperties: null, disableGeoip: null, deviceId: null };
    await call({ ...nothing, onlyEvaluateLocally: null } as unknown as posthog.FlagFunctionOptions);
    expect(asked()).toMatchObject([{ groups: {}, geoip_disable: true }]);
    expect(asked()[0]).not.toHaveProperty("$device_id");
  });
});

describe("functions of one flag", () => {
  it.each(["featureEnabled", "getFeatureFlag", "getFeatureFlagResult", "getFeatureFlagPayload"])(
    "%s: requests key, and sends no event with sendFeatureFlagEvents: false",
    async (name) => {
      await EVALUATING[name]?.({ sendFeatureFlagEvents: false });
      expect(asked()[0]).toMatchObject({ flag_keys_to_evaluate: ["banner"] });
      expect(await sent()).toEqual([]);
      await EVALUATING[name]?.({});
      expect((await sent()).map(({ event }) => event)).toEqual(["$feature_flag_called"]);
    },
  );

  it("getFeatureFlagPayload: matchValue replaces the value", async () => {
    const filters = { groups: [{}], payloads: { true: "1", other: "2" } };
    const flags = [{ id: 1, key: "banner", active: true, filters }];
    start({ definitions: { flags } }, { personalApiKey: "phx_key" });
    expect(await posthog.getFeatureFlagPayload("banner", "anna")).toBe(1);
    const payload = await posthog.getFeatureFlagPayload("banner", "anna", { matchValue: "other" });
    expect(payload).toBe(2);
  });
});

describe("functions of several flags", () => {
  it.each([
    ["getAllFlags", "flagKeysToEvaluate"],
    ["getAllFlags", "flagKeys"],
    ["getAllFlagsAndPayloads", "flagKeysToEvaluate"],
    ["getAllFlagsAndPayloads", "flagKeys"],
    ["evaluateFlags", "flagKeys"],
  ])("%s: %s restricts them", async (name, member) => {
    await EVALUATING[name]?.({ [member]: ["banner"] });
    expect(asked()[0]).toMatchObject({ flag_keys_to_evaluate: ["banner"] });
  });

  it("evaluateFlags without distinctId uses the context, and is empty outside of it", async () => {
    await posthog.newContext(async () => {
      posthog.identifyContext("carl");
      expect((await posthog.evaluateFlags()).keys).toEqual(["banner"]);
    });
    expect((await posthog.evaluateFlags()).keys).toEqual([]);
    expect(asked()).toMatchObject([{ distinct_id: "carl" }]);
  });

  it("getRemoteConfigPayload: sends key in the request", async () => {
    start({ definitions: { flags: [] }, remoteConfig: '{"a":1}' }, { personalApiKey: "phx_key" });
    expect(await posthog.getRemoteConfigPayload("theme")).toEqual({ a: 1 });
    expect(stage.server.requests.map(({ path }) => path)).toContain(
      "/api/projects/@current/feature_flags/theme/remote_config?token=phc_key",
    );
  });

  it("loadFeatureFlags loads what featureFlagDefinitions returns", async () => {
    const flags = [{ id: 1, key: "banner", active: true, filters: {} }];
    start({ definitions: { flags } }, { personalApiKey: "phx_key" });
    expect(posthog.featureFlagDefinitions()).toBeNull();
    await posthog.loadFeatureFlags();
    expect(posthog.featureFlagDefinitions()).toEqual(flags);
    expect(Object.isFrozen(posthog.featureFlagDefinitions())).toBe(true);
  });
});

describe("contexts", () => {
  const fail = (): never => {
    throw new Error("left the context");
  };

  it("newContext and scoped: fresh inherits nothing", () => {
    posthog.newContext(() => {
      posthog.tag("outer", 1);
      expect(posthog.newContext(() => posthog.getTags(), { fresh: true })).toEqual({});
      expect(posthog.scoped({ fresh: true })(() => posthog.getTags())()).toEqual({});
      expect(posthog.newContext(() => posthog.getTags(), { fresh: null })).toEqual({ outer: 1 });
    });
  });

  it("scoped: decorates a method without changing `this` and parameters", async () => {
    // The test runner does not transform decorators, and Node.js does not support them.
    const { code } = transformSync(SHOP, { loader: "ts", target: "es2022" });
    const shop: Shop = new Function("posthog", `${code}; return new Shop();`)(posthog);
    await posthog.newContext(async () => {
      posthog.tag("outer", 1);
      expect(shop.order("lamp")).toEqual(["corner", { item: "lamp" }]);
      const both = await Promise.all([shop.later("a"), shop.later("b")]);
      expect(both).toEqual([
        { outer: 1, item: "a" },
        { outer: 1, item: "b" },
      ]);
      expect(posthog.getTags()).toEqual({ outer: 1 });
    });
  });

  it("newContext and scoped: captureExceptions captures nothing for false, and uses the default for null", async () => {
    const captureExceptions = false;
    expect(() => posthog.newContext(fail, { captureExceptions })).toThrow("left");
    expect(posthog.scoped({ captureExceptions })(fail)).toThrow("left");
    expect(await sent()).toEqual([]);
    expect(() => posthog.newContext(fail, { captureExceptions: null, client: null })).toThrow();
    expect(posthog.scoped()(fail)).toThrow("left");
    expect((await sent()).map(({ event }) => event)).toEqual(["$exception", "$exception"]);
  });

  it("newContext: client captures instead of the shared one", async () => {
    const common = stage.server;
    const client = start({});
    settings.defaultClient = null;
    expect(() => posthog.newContext(fail, { client })).toThrow("left");
    await client.shutdown();
    expect(stage.server.events.map(({ event }) => event)).toEqual(["$exception"]);
    expect(common.events).toEqual([]);
  });

  it("setCaptureExceptionCodeVariablesContext and the patterns of the context apply to its errors", async () => {
    const caught = (isEnabled: boolean): void =>
      posthog.newContext(() => {
        posthog.setCaptureExceptionCodeVariablesContext(isEnabled);
        posthog.setCodeVariablesMaskPatternsContext(["hidden"]);
        posthog.setCodeVariablesIgnorePatternsContext(["ignored"]);
        (function failing() {
          const [shown, hidden, ignored] = [1, 2, 3];
          try {
            throw new Error(`${isEnabled} ${shown}${hidden}${ignored}`);
          } catch (error) {
            posthog.captureException(error);
          }
        })();
      });
    caught(true);
    caught(false);
    const variables = (await sent()).map(({ properties }) => {
      const [first] = (properties as Members)["$exception_list"] as readonly {
        readonly value: string;
        readonly stacktrace: { readonly frames: readonly Members[] };
      }[];
      const frames = first?.stacktrace.frames ?? [];
      return [first?.value.split(" ")[0], frames.at(-1)?.["code_variables"]];
    });
    expect(Object.fromEntries(variables)).toEqual({
      true: expect.objectContaining({
        shown: 1,
        hidden: "$$_posthog_redacted_based_on_masking_rules_$$",
      }),
      false: undefined,
    });
    expect(JSON.stringify(variables)).not.toContain("ignored");
  });
});

describe("flush and shutdown", () => {
  it("flush: waits for timeoutSeconds, or for the default with null", async () => {
    const hanging = start({}, { fetch: () => new Promise(() => {}), fetchRetryCount: 0 });
    posthog.capture("clicked");
    const startedAtMs = performance.now();
    await posthog.flush({ timeoutSeconds: 0.05 });
    const lastedMs = performance.now() - startedAtMs;
    expect(lastedMs).toBeGreaterThan(45);
    expect(lastedMs).toBeLessThan(5_000); // a hundred times as long, and half the limit of a request
    // Otherwise, its request would fail during the tests of another file.
    await hanging.shutdown(1);
    start({});
    posthog.capture("clicked");
    await posthog.flush({ timeoutSeconds: null });
    expect(stage.server.events).toHaveLength(1);
  });

  it.each([posthog.join, posthog.shutdown])(
    "%o sends waiting events, and the next call creates a client",
    async (end) => {
      posthog.capture("clicked");
      await end();
      expect(stage.server.events).toHaveLength(1);
      expect(settings.defaultClient).toBeNull();
    },
  );
});
