import { PostHog as VendorPostHog } from "posthog-node";
import { describe, expect, it } from "vitest";
import { CaptureClient } from "../../src/client/capture-client.js";
import type { CaptureClientOptions } from "../../src/events/capture-client-options.js";

/** The methods that both clients have. */
type Client = Pick<
  CaptureClient,
  | "capture"
  | "captureImmediate"
  | "captureException"
  | "identify"
  | "identifyImmediate"
  | "alias"
  | "aliasImmediate"
  | "groupIdentify"
  | "groupIdentifyImmediate"
  | "setPersonProperties"
  | "unsetPersonProperties"
  | "withContext"
  | "getContext"
  | "on"
  | "optIn"
  | "optOut"
  | "flush"
  | "shutdown"
> & { readonly register?: (properties: Record<string, unknown>) => unknown };

interface Request {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: { readonly batch: readonly Record<string, unknown>[] };
}

interface Sequence {
  readonly name: string;
  readonly options?: CaptureClientOptions;
  /** Returns what is compared in addition to the requests. */
  run(client: Client): unknown;
}

type Create = (key: string, options: CaptureClientOptions) => Client;
const OURS: Create = (key, options) => new CaptureClient(key, options);
const THEIRS: Create = (key, options) => new VendorPostHog(key, options as never) as never;

/** Returns the requests of a client, without the intended differences: identifiers, times, and the version. */
async function requestsOf(create: Create, { options = {}, run }: Sequence) {
  const requests: Request[] = [];
  const client = create("phc_key", {
    disableCompression: true,
    fetchRetryDelay: 1,
    fetch: async (url, { headers, body = "" }) => {
      const text = typeof body === "string" ? body : Buffer.from(body).toString();
      requests.push({ url, headers: { ...headers }, body: JSON.parse(text) });
      return { status: 200, text: async () => "", json: async () => ({}), headers: new Headers() };
    },
    ...options,
  } as CaptureClientOptions);
  const result = await run(client);
  await client.flush();
  await client.shutdown();
  return {
    requests: requests.map(({ url, headers, body }) => ({
      url,
      contentType: headers["content-type"] ?? headers["Content-Type"],
      body: comparable(body),
    })),
    result: result === undefined ? null : comparable(result),
  };
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** Returns the JSON, in which the order of members is compared, too. */
function comparable(body: unknown): string {
  const now = String(new Date().getUTCFullYear());
  return JSON.stringify(body, (key, value) => {
    if (key === "sortition_version") return undefined;
    if (key === "sent_at") return "-";
    if (key === "timestamp" && String(value).startsWith(now)) return "now";
    return value;
  }).replace(UUID, "uuid");
}

const A = "alice";
const event = (name: string, properties?: Record<string, unknown>) => ({
  distinctId: A,
  event: name,
  properties,
});

const SEQUENCES: readonly Sequence[] = [
  { name: "one event", run: (it) => it.capture(event("clicked", { a: 1 })) },
  { name: "no properties", run: (it) => it.capture({ distinctId: A, event: "clicked" }) },
  { name: "no distinct id", run: (it) => it.capture({ event: "clicked" }) },
  {
    name: "no distinct id, but a person profile",
    run: (it) => it.capture({ event: "x", properties: { $process_person_profile: true } }),
  },
  {
    name: "groups",
    run(it) {
      it.capture({ ...event("x"), groups: { company: "acme", seat: 5 } });
      it.capture({ ...event("x", { $groups: { own: 1 } }), groups: {} });
      it.capture({ ...event("x", { $groups: { own: 1 } }), groups: { company: "acme" } });
    },
  },
  {
    name: "timestamps",
    run(it) {
      for (const timestamp of [
        new Date(0),
        "2020-01-02T03:04:05Z",
        "2020-01-02T03:04:05.123456Z",
        "2020-01-02T03:04:05+02:00",
        "2020-01-02T03:04:05.123456789+02:00",
        "yesterday",
        new Date(Number.NaN),
        1_577_836_800_000,
        2020,
        0,
        5n,
        true,
        { a: 1 },
        { toJSON: () => "2020-01-02" },
        () => 1,
        Symbol("never"),
      ]) {
        it.capture({ ...event("x"), timestamp: timestamp as unknown as Date });
        it.capture({ ...event("x"), groups: { a: "b" }, timestamp: timestamp as never });
      }
    },
  },
  {
    name: "properties, groups and people that JSON cannot express",
    run(it) {
      const round: Record<string, unknown> = { a: 1 };
      round["self"] = round;
      const odd = { nan: Number.NaN, endless: [-Infinity], never: new Date(Number.NaN), round };
      it.capture(event("x", odd));
      it.capture({ ...event("x"), properties: "abc" as never });
      for (const company of [undefined, () => {}, Symbol("acme"), Number.NaN, odd]) {
        it.capture({ ...event("x"), groups: { company } as never });
      }
      for (const distinctId of [{}, [], { a: 1 }, new Date(0), new Map(), 5, true]) {
        it.capture({ ...event("x"), distinctId: distinctId as never });
      }
    },
  },
  {
    name: "errors among the properties",
    run(it) {
      const error = Object.assign(new TypeError("bad"), { code: 5, stack: "at x" });
      it.capture(event("x", { error, list: [error], of: { a: { error } } }));
      it.identify({ distinctId: A, properties: { error } });
    },
  },
  {
    name: "uuids",
    run(it) {
      it.capture({ ...event("x"), uuid: "123e4567-e89b-12d3-a456-426614174000" });
      it.capture({ ...event("x"), uuid: "none" });
    },
  },
  {
    name: "common properties cannot be overridden",
    run: (it) => it.capture(event("x", { $lib: "mine", $is_server: false, $geoip_disable: false })),
  },
  {
    name: "geoip by call and by client",
    options: { disableGeoip: false },
    run(it) {
      it.capture(event("x"));
      it.capture({ ...event("x"), disableGeoip: true });
      it.identify({ distinctId: A, disableGeoip: true });
    },
  },
  {
    name: "geoip by callers without types",
    options: { disableGeoip: "no" as never },
    run: (it) => {
      for (const disableGeoip of ["false", 0, "", 1, null] as unknown as boolean[]) {
        it.capture({ ...event("clicked"), disableGeoip });
      }
      it.capture(event("clicked"));
    },
  },
  {
    name: "properties that are a list",
    run: (it) => {
      const properties = ["a", { b: 1 }] as never;
      it.capture({ distinctId: A, event: "clicked", properties });
      it.identify({ distinctId: A, properties });
      it.groupIdentify({ groupType: "company", groupKey: "acme", properties });
    },
  },
  {
    name: "circular properties",
    run: (it) => {
      const self: Record<string, unknown> = { a: 1 };
      self["self"] = self;
      self["deep"] = [{ self }];
      it.capture({ distinctId: A, event: "clicked", properties: self });
      it.identify({ distinctId: A, properties: self });
      it.groupIdentify({ groupType: "company", groupKey: "acme", properties: self });
    },
  },
  {
    name: "properties that are an instance of a class",
    run: (it) => {
      class Model {
        readonly plan = "team";
        readonly toJSON = undefined;
      }
      class WithJson {
        readonly plan = "team";
        toJSON(): object {
          return { json: true };
        }
      }
      const error = Object.assign(new Error("failed"), { code: 5, stack: "at x" });
      for (const given of [
        new Model(),
        new WithJson(),
        error,
        Buffer.from("hi"),
        Object.assign([], { 1: 1 }),
        [null],
      ]) {
        const properties = given as unknown as Record<string, unknown>;
        it.capture({ distinctId: A, event: "clicked", properties });
        it.capture({ distinctId: A, event: "clicked", properties: { properties } });
        it.setPersonProperties({ distinctId: A, properties });
        it.withContext({ properties }, () => it.capture({ distinctId: A, event: "clicked" }));
        it.capture({ distinctId: A, event: "clicked", groups: given as never });
      }
    },
  },
  { name: "not a server", options: { isServer: false }, run: (it) => it.capture(event("x")) },
  {
    name: "historical migration",
    options: { historicalMigration: true },
    run: (it) => it.capture(event("x")),
  },
  {
    name: "identify",
    run(it) {
      it.identify({ distinctId: A });
      it.identify({ distinctId: A, properties: { name: "Alice" } });
      it.identify({ distinctId: A, properties: { $set: { a: 1 }, other: 2 } });
      it.identify({ distinctId: A, properties: { $set_once: { a: 1 }, other: 2 } });
      it.identify({ distinctId: A, properties: { $anon_distinct_id: "anon" } });
      it.identify({ distinctId: A, properties: { $anon_distinct_id: null, a: 1 } });
    },
  },
  {
    name: "person properties",
    run(it) {
      it.setPersonProperties({ distinctId: A, properties: { a: 1 }, propertiesOnce: { b: 2 } });
      it.setPersonProperties({ distinctId: A, properties: { a: 1 } });
      it.setPersonProperties({ distinctId: A });
      it.unsetPersonProperties({ distinctId: A, properties: "a" });
      it.unsetPersonProperties({ distinctId: A, properties: ["a", "", "b"] });
      it.unsetPersonProperties({ distinctId: A, properties: [] });
    },
  },
  {
    name: "alias and groups",
    run(it) {
      it.alias({ distinctId: A, alias: "al" });
      it.groupIdentify({ groupType: "company", groupKey: "acme", properties: { size: 5 } });
      it.groupIdentify({ groupType: "company", groupKey: "acme" });
      it.groupIdentify({ groupType: "company", groupKey: "acme", properties: null as never });
      it.groupIdentify({ groupType: "company", groupKey: "acme", distinctId: A });
    },
  },
  {
    name: "immediate calls",
    async run(it) {
      await it.captureImmediate(event("x", { a: 1 }));
      await it.identifyImmediate({ distinctId: A, properties: { a: 1 } });
      await it.aliasImmediate({ distinctId: A, alias: "al" });
      await it.groupIdentifyImmediate({ groupType: "company", groupKey: "acme" });
    },
  },
  {
    name: "contexts",
    run(it) {
      const outer = { distinctId: "ctx", sessionId: "s", properties: { a: 1, b: 1 } };
      it.withContext(outer, () => {
        it.capture({ event: "x", properties: { b: 2 } });
        it.capture(event("x", { $session_id: "own" }));
        it.withContext({ distinctId: "inner", properties: { c: 3 } }, () => {
          it.capture({ event: "x" });
          it.withContext({ properties: { d: 4 } }, () => it.capture({ event: "x" }), {
            fresh: true,
          });
        });
        it.identify({ distinctId: A, properties: { z: 1 } });
        it.alias({ distinctId: A, alias: "al" });
        it.groupIdentify({ groupType: "company", groupKey: "acme" });
      });
    },
  },
  {
    name: "values that getContext returns",
    run: (it) => [
      it.capture(event("x")) ?? "none",
      it.getContext() ?? "none",
      it.withContext({ distinctId: "a" }, () => [
        it.getContext(),
        it.withContext({ sessionId: "s" }, () => it.getContext(), { fresh: true }),
        it.withContext({ properties: { p: 1 } }, () => it.getContext(), { fresh: true }),
        it.withContext({ properties: null as never }, () => it.getContext()),
      ]),
    ],
  },
  {
    name: "listeners of a flush of several batches",
    options: { flushAt: 3, maxBatchSize: 3 },
    async run(it) {
      const flushes = flushesOf(it);
      for (let i = 0; i < 8; i++) it.capture(event(`x${i}`));
      await it.flush();
      await it.captureImmediate(event("at once"));
      it.capture(event("y"));
      await it.flush();
      await it.flush();
      return flushes;
    },
  },
  {
    name: "many events of one turn",
    async run(it) {
      const flushes = flushesOf(it);
      for (let i = 0; i < 250; i++) it.capture(event(`x${i}`));
      await it.flush();
      return flushes;
    },
  },
  {
    name: "before_send",
    options: {
      before_send: [
        (message) => (message.event === "drop" ? null : message),
        (message) => {
          Object.assign(message.properties ?? {}, { seen: true });
          return { ...message, event: `${message.event}!` };
        },
      ],
    },
    run(it) {
      it.capture(event("x", { a: 1 }));
      it.capture(event("drop"));
      it.identify({ distinctId: A, properties: { a: 1 } });
      it.capture({ ...event("x"), groups: { company: "acme" } });
    },
  },
  {
    name: "before_send that returns other groups, or none",
    options: {
      before_send: (message) => {
        const others = { none: null, empty: {}, absent: undefined, other: { seat: "s" } };
        const groups = others[message.event as keyof typeof others] as never;
        const properties = { ...message.properties, members: JSON.stringify(message) };
        return { ...message, groups, properties };
      },
    },
    run(it) {
      for (const name of ["none", "empty", "absent", "other"]) {
        it.capture({ ...event(name), groups: { company: "acme" } });
        it.capture(event(name));
      }
    },
  },
  {
    name: "before_send that throws drops the event",
    options: {
      before_send: (message) => {
        if (message.event === "bad") throw new Error("no");
        return message;
      },
    },
    run(it) {
      it.capture(event("bad"));
      it.capture(event("good"));
    },
  },
  {
    name: "opted out",
    async run(it) {
      await it.optOut();
      it.capture(event("x"));
      await it.flush();
      await it.optIn();
      it.capture(event("y"));
    },
  },
  { name: "disabled", options: { disabled: true }, run: (it) => it.capture(event("x")) },
  {
    name: "batches",
    options: { flushAt: 1_000, maxBatchSize: 30 },
    run(it) {
      for (let i = 0; i < 70; i++) it.capture(event(`x${i}`));
    },
  },
  {
    name: "bots",
    options: { __preview_capture_bot_pageviews: true, custom_blocked_useragents: ["Mine"] },
    run(it) {
      it.capture(event("$pageview", { $raw_user_agent: "Googlebot/2.1" }));
      it.capture(event("$pageview", { $raw_user_agent: "a mine b" }));
      it.capture(event("$pageview", { $raw_user_agent: "Firefox" }));
      it.capture(event("x", { $raw_user_agent: "Googlebot/2.1" }));
    },
  },
  {
    name: "dates and nested values",
    run: (it) =>
      it.capture(event("x", { at: new Date(0), list: [1, { a: null }], un: undefined, s: "ü" })),
  },
  {
    name: "properties that cannot be serialized hide those of the context and the client",
    async run(it) {
      await it.register?.({ a: 1, b: 2, c: 3 });
      it.withContext({ properties: { d: 4, e: 5 } }, () =>
        it.capture(event("x", { a: Symbol("a"), b: () => 1, c: undefined, d: Symbol("d") })),
      );
      it.withContext({ properties: { a: undefined, b: Symbol("b"), d: 4 } }, () => {
        it.capture(event("y"));
        it.withContext({ properties: { d: undefined } }, () => it.capture(event("z", { a: 6 })));
      });
    },
  },
  {
    name: "members named __proto__",
    run(it) {
      const own = JSON.parse('{ "__proto__": { "a": 1 }, "b": [{ "__proto__": 5 }] }');
      it.capture(event("x", own));
      it.capture(event("y", { own, list: [own] }));
      it.identify({ distinctId: A, properties: own });
      it.capture({ ...event("z"), groups: own });
      it.withContext({ properties: own }, () => it.capture(event("in a context")));
      it.register?.(own);
      it.capture(event("later"));
      return Object.keys({}.constructor.prototype);
    },
  },
  {
    name: "listeners that are added twice, that receive all events, and that remove and add others",
    async run(it) {
      const calls: unknown[] = [];
      const keep = (name: string) => (of: unknown, payload?: { event?: string }) =>
        calls.push([name, typeof of === "string" ? of : typeof of, payload?.event]);
      const twice = keep("twice");
      it.on("capture", twice);
      const remove = it.on("capture", twice);
      it.on("*", keep("all"));
      const removed = it.on("capture", () => {
        remove();
        removed();
        it.on("capture", keep("added"));
      });
      const last = it.on("capture", keep("last"));
      it.on("capture", last);
      for (const name of ["x", "y", "z"]) it.capture(event(name));
      it.identify({ distinctId: A });
      await it.flush();
      it.on("capture", twice);
      remove();
      remove();
      it.capture(event("later"));
      await it.flush();
      return calls;
    },
  },
  {
    name: "listeners that capture",
    async run(it) {
      const calls: unknown[] = [];
      it.on("*", (type, payload) => calls.push([type, payload.event]));
      it.on("capture", ({ event: name }) => {
        if (name.length < 3) it.capture(event(`${name}+`));
        if (name === "a+") it.identify({ distinctId: A });
      });
      it.on("identify", () => it.capture(event("identified")));
      it.capture(event("a"));
      it.capture(event("b"));
      it.alias({ distinctId: A, alias: "al" });
      await new Promise(setImmediate);
      it.capture(event("c"));
      await new Promise(setImmediate);
      return calls;
    },
  },
  ...[
    { metrics: { serviceName: "shop" } },
    { traces: { serviceName: "shop" }, metrics: { serviceName: "other" } },
    { traces: {}, metrics: { serviceName: "shop" } },
    { traces: { serviceName: "" }, metrics: { serviceName: "shop" } },
    { traces: { resourceAttributes: { "service.name": "shop" }, serviceName: "other" } },
    { metrics: { resourceAttributes: { "service.name": "shop" }, serviceName: "other" } },
    { metrics: { resourceAttributes: { "service.name": "" }, serviceName: "other" } },
    { metrics: { resourceAttributes: null, serviceName: { a: 1 } } },
    ...[5, null, true, ["shop"], { a: 1 }].flatMap((name) => [
      { traces: { resourceAttributes: { "service.name": name }, serviceName: "shop" } },
      {
        traces: { resourceAttributes: { "service.name": name } },
        metrics: { serviceName: "shop" },
      },
      { metrics: { resourceAttributes: { "service.name": name }, serviceName: "shop" } },
    ]),
    ...[
      { metrics: true, traces: "x" },
      { metrics: null, traces: null },
      { metrics: [], traces: 0 },
    ],
    { logs: { serviceName: "shop" } },
  ].map(
    (options): Sequence => ({
      name: `the service of ${JSON.stringify(options)}`,
      options: options as CaptureClientOptions,
      async run(it) {
        it.capture(event("x"));
        it.capture(event("x", { a: 1 }));
        it.capture(event("x", { service_name: "own" }));
        it.withContext({ properties: { service_name: "tag" } }, () => it.capture(event("x")));
        it.identify({ distinctId: A, properties: { a: 1 } });
        it.groupIdentify({ groupType: "company", groupKey: "acme" });
        it.alias({ distinctId: A, alias: "al" });
        await it.captureImmediate(event("at once"));
        await it.register?.({ service_name: "registered" });
        it.capture(event("x"));
      },
    }),
  ),
];

/** Returns the number of events in each `flush` event. */
function flushesOf(client: Client): number[] {
  const flushes: number[] = [];
  client.on("flush", ({ length }) => flushes.push(length));
  return flushes;
}

describe("requests equal those of the vendor's SDK", () => {
  it.each(SEQUENCES)("$name", async (sequence) => {
    const [ours, theirs] = [await requestsOf(OURS, sequence), await requestsOf(THEIRS, sequence)];
    expect(ours).toEqual(theirs);
    expect(theirs.requests.length > 0).toBe(sequence.options?.disabled !== true);
  });
});
