import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as posthog from "../../src/index.js";
import { FlagServer } from "../client/flag-server.js";
import { hasData, readData } from "./data.js";

const { settings } = posthog;
const DEFAULTS = { ...settings };

type Members = Readonly<Record<string, unknown>>;

interface RemoteCase {
  readonly id: string;
  readonly method: "feature_enabled" | "get_feature_flag" | "get_feature_flag_result";
  readonly definitions: object;
  readonly args: {
    readonly key: string;
    readonly distinct_id: string;
    readonly person_properties?: Members;
  };
  readonly remoteResponse: object;
  readonly remoteCalls: number;
  readonly expected: unknown;
}

interface Wire {
  readonly body: Members & { readonly batch?: readonly Members[] };
}

let server: FlagServer;

/** Sets the client of the module functions, with its own server. */
function start(answers: FlagServer["answers"], options: posthog.PostHogOptions = {}): void {
  server = new FlagServer(answers);
  settings.defaultClient = new posthog.PostHog("phc_snapshot_project", {
    ...{ fetch: server.fetch, disableCompression: true, featureFlagsPollingInterval: null },
    ...options,
  });
}

beforeEach(() => {
  Object.assign(settings, DEFAULTS, { defaultClient: null });
  for (const level of ["warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation(() => {});
  }
});
afterEach(async () => {
  await posthog.shutdown();
  vi.restoreAllMocks();
});

describe.skipIf(!hasData)("the vendor's cases with server responses", () => {
  const { cases } = hasData
    ? readData<{ cases: readonly RemoteCase[] }>("remote-flags")
    : { cases: [] };

  it("are 14", () => expect(cases).toHaveLength(14));

  // The data has only Python's results. In Node, a filter that does not match also decides after an unknown one.
  const IN_NODE = new Map([["rm-006", { expected: false, remoteCalls: 0 }]]);

  it.each(cases)("$id $method", async ({ args, definitions, id: name, method, ...rest }) => {
    const { expected, remoteCalls } = IN_NODE.get(name) ?? rest;
    start({ definitions, flags: rest.remoteResponse }, { personalApiKey: "phx_key" });
    const { distinct_id: id, key, person_properties: personProperties } = args;
    const functions = {
      feature_enabled: posthog.featureEnabled,
      get_feature_flag: posthog.getFeatureFlag,
      get_feature_flag_result: posthog.getFeatureFlagResult,
    };
    const result = await functions[method](key, id, { personProperties });
    expect(result ?? null).toEqual(expected);
    expect(server.requests.filter(({ path }) => path.startsWith("/flags"))).toHaveLength(
      remoteCalls,
    );
  });
});

/** Members that describe the library, the machine and the time. The project's token has another name in Node. */
const OF_PYTHON =
  /^(\$lib|\$lib_version|sortition_version|\$os.*|\$python_.*|sent_at|api_key|token|historical_migration)$/;

function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) => {
      if (OF_PYTHON.test(key)) return undefined;
      return key === "timestamp" ? Date.parse(String(member)) : member;
    }),
  );
}

const AT = { timestamp: "2026-01-02T03:04:05+00:00" };
const uuid = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;

describe.skipIf(!hasData)("the vendor's requests by the module functions", () => {
  const wireOf = (name: string): Wire => readData<Wire>(name);

  it("a capture, a set, an alias and a group send the four events of the Python SDK", async () => {
    start({});
    const { batch = [] } = wireOf("wire-legacy-event-family").body;
    expect(batch).toHaveLength(4);
    posthog.capture("order completed", {
      ...{ distinctId: "user-123", groups: { company: "company-456" }, ...AT, uuid: uuid(1) },
      properties: {
        amount: 29.5,
        items: [
          { sku: "SKU-1", quantity: 1 },
          { sku: "SKU-2", quantity: 2 },
        ],
      },
    });
    const person = { email: "person@example.com", plan: "pro" };
    posthog.set({ distinctId: "user-123", properties: person, ...AT, uuid: uuid(2) });
    posthog.alias("anonymous-789", "user-123", { ...AT, uuid: uuid(3) });
    const properties = { name: "Example Corp", employees: 42 };
    const company = { properties, distinctId: "user-123", ...AT, uuid: uuid(4) };
    posthog.groupIdentify("company", "company-456", company);
    await posthog.flush();
    expect(comparable(server.events)).toEqual(comparable(batch));
  });

  it("an evaluation by the server equals the Python SDK's, except for Node's names", async () => {
    start({ flags: { flags: {} } });
    const { device_id: $device_id, ...body } = wireOf("wire-flags-request").body;
    await posthog.evaluateFlags("user-123", {
      groups: { company: "company-456" },
      personProperties: { email: "person@example.com", plan: "pro" },
      groupProperties: { company: { employees: 42, industry: "technology" } },
      ...{ deviceId: "device-789", disableGeoip: false },
      flagKeys: ["checkout-redesign", "new-billing"],
    });
    const [request] = server.requests;
    expect(request?.path).toBe("/flags/?v=2");
    const { evaluation_runtime, group_properties, person_properties, ...rest } = (request?.body ??
      {}) as Record<string, Members>;
    expect(evaluation_runtime).toBe("server");
    // The Node SDK adds the group key and the device, as rules need them.
    expect(group_properties?.["company"]).toMatchObject(
      (body["group_properties"] as Members)["company"] as Members,
    );
    expect(person_properties).toMatchObject(body["person_properties"] as Members);
    const { group_properties: _, person_properties: __, ...expected } = body;
    expect(comparable(rest)).toEqual(comparable({ ...expected, $device_id }));
  });

  it("an exception has the Python SDK's members, with Node's mechanism", async () => {
    start({});
    const [expected] = wireOf("wire-exception-event").body.batch ?? [];
    const theirs = expected?.["properties"] as Members;
    const error = new TypeError("checkout failed", {
      cause: new RangeError("invalid order total"),
    });
    posthog.captureException(error, {
      ...{ distinctId: "user-123", groups: { company: "company-456" } },
      properties: { component: "checkout", severity: "high" },
    });
    await posthog.flush();
    const [event] = server.events;
    const properties = event?.["properties"] as Members;
    const { $exception_list: list, ...rest } = properties;
    const { $exception_list: theirList, ...theirRest } = theirs;
    expect(comparable(rest)).toEqual(
      comparable({ ...theirRest, $exception_level: "error" }), // only the Node SDK sends a level
    );
    const entries = list as readonly Members[];
    const theirEntries = theirList as readonly Members[];
    expect(entries.map(({ value }) => value)).toEqual(theirEntries.map(({ value }) => value));
    expect(entries[0]?.["mechanism"]).toMatchObject(theirEntries[0]?.["mechanism"] as Members);
    const framesOf = ({ stacktrace }: Members) =>
      (stacktrace as { readonly frames: readonly Members[] }).frames;
    const namesOf = (frame: Members = {}): readonly string[] => Object.keys(frame);
    const ownNames = namesOf(framesOf(entries[0] ?? {}).at(-1));
    const missing = namesOf(framesOf(theirEntries[0] ?? {})[0]).filter(
      (name) => !ownNames.includes(name),
    );
    expect(missing).toEqual(["abs_path"]);
  });
});
