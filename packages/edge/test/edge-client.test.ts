import { eppo } from "@sortition/core/eppo";
import { webParts } from "@sortition/core/internal";
import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  type EdgeClient,
  type EdgeClientOptions,
  type EdgeExposure,
  edgeClient,
  fetchOrigin,
  postTo,
} from "../src/index.js";
import { createMemoryCache } from "./support/memory-cache.js";
import { createVendor, flagsWith, hang, type Vendor } from "./support/vendor.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

let clock: FakeClock;
let vendor: Vendor;
let sent: EdgeExposure[][];

beforeEach(() => {
  clock = createFakeClock();
  vendor = createVendor();
  sent = [];
});

function create(options: Partial<EdgeClientOptions> = {}): EdgeClient {
  return edgeClient({
    dialect: eppo() as never,
    apiKey: "key",
    fetch: vendor.fetch,
    send: async (exposures) => void sent.push([...exposures]),
    diagnostics: SILENT,
    random: () => 0.5,
    clock,
    ...options,
  });
}

/** Advances the clock until a promise has settled. Returns how many ms that took. */
async function msUntil(promise: Promise<unknown>, stepMs = 10): Promise<number> {
  const startedAtMs = clock.monotonicMs();
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  promise.then(settle, settle);
  for (let i = 0; i < 8 && !isSettled; i++) await null; // a promise that needs no time settles without advancing the clock
  for (let i = 0; i < 2_000 && !isSettled; i++) await clock.advance(stepMs);
  return clock.monotonicMs() - startedAtMs;
}

/** Makes one request. Returns its value and its work. */
async function request(
  flags: EdgeClient,
): Promise<{ value: string; waitedMs: number; work: Promise<unknown>[] }> {
  const work: Promise<unknown>[] = [];
  const making = flags.forRequest({ waitUntil: (promise) => void work.push(promise) });
  const waitedMs = await msUntil(making, 10);
  const client = await making;
  return { value: client.getStringAssignment("checkout", "alice", {}, "default"), waitedMs, work };
}

/** Advances the clock until a request and its work have ended. */
async function finish(requesting: ReturnType<typeof request>): Promise<void> {
  const { work } = await requesting;
  await msUntil(Promise.all(work));
}

describe("a check for a new configuration", () => {
  it("is made by the first request, which waits for it, and by no later one while the configuration is fresh", async () => {
    const flags = create();
    expect(flags.status.state).toBe("empty");
    expect((await request(flags)).value).toBe("first");
    await clock.advance(29_000);
    expect((await request(flags)).value).toBe("first");
    expect(vendor.requests).toHaveLength(1);
    expect(flags.status).toMatchObject({
      state: "fresh",
      vendorRequests: 1,
      checks: { started: 1, failed: 0 },
    });
  });

  it("runs next to a request that finds a stale configuration, and is conditional", async () => {
    const flags = create();
    await request(flags);
    await clock.advance(31_000);
    vendor.value = "second";
    const { value, work } = await request(flags);
    expect(value).toBe("first");
    await msUntil(Promise.all(work));
    expect(vendor.requests[1]?.headers["if-none-match"]).toBe('"first"');
    expect((await request(flags)).value).toBe("second");
  });

  it.each([0, 1])("starts at a different age in each isolate: draw %d", async (u) => {
    const flags = create({ random: () => u });
    await request(flags);
    await clock.advance(u === 0 ? 23_000 : 35_000);
    expect(flags.status.state).toBe("fresh");
    await clock.advance(2_000);
    expect(flags.status.state).toBe("stale");
  });

  it("is joined for 500 ms if another request started it, and then repeated", async () => {
    const flags = create();
    vendor.fault = () => new Promise(() => {}); // the other request has ended
    const ended = flags.forRequest({});
    await clock.advance(100);
    vendor.fault = null;
    const { value, waitedMs } = await request(flags);
    expect(value).toBe("first");
    expect(waitedMs).toBeGreaterThanOrEqual(400);
    expect(waitedMs).toBeLessThan(600);
    await msUntil(ended);
  });

  it("is treated as running for a limited time", async () => {
    const flags = create();
    await request(flags);
    await clock.advance(31_000);
    vendor.fault = () => new Promise(() => {});
    await request(flags);
    await request(flags);
    expect(vendor.requests).toHaveLength(2);
    await clock.advance(1_500);
    vendor.fault = null;
    vendor.value = "second";
    await request(flags);
    await vi.waitFor(async () => expect((await request(flags)).value).toBe("second"));
  });

  it.each([
    { what: "does not respond", fault: hang },
    { what: "refuses the key", fault: () => new Response("", { status: 401 }) },
    { what: "is down", fault: () => Promise.reject(new Error("connection refused")) },
    { what: "sends garbage", fault: () => new Response("<html>") },
    { what: "sends another document", fault: () => new Response("[1]") },
    {
      what: "announces 300 MB",
      fault: () => new Response("{", { headers: { "content-length": "300000000" } }),
    },
    { what: "sends more than is allowed", fault: () => new Response(" ".repeat(3_000)) },
    { what: "drips", fault: drip },
  ])(
    "returns defaults in time if the vendor $what, and the next request checks again",
    async ({ fault }) => {
      const flags = create({ maxBodyBytes: 2_000 });
      vendor.fault = fault;
      const first = await request(flags);
      expect(first.value).toBe("default");
      expect(first.waitedMs).toBeLessThanOrEqual(1_600);
      await clock.advance(6_000);
      vendor.fault = null;
      expect((await request(flags)).value).toBe("first");
    },
  );

  it.each([
    { what: "refuses the key", fault: () => new Response("", { status: 401 }) },
    { what: "sends garbage", fault: () => new Response("<html>") },
  ])("keeps the served configuration if the vendor $what", async ({ fault }) => {
    const flags = create();
    await request(flags);
    await clock.advance(31_000);
    vendor.fault = fault;
    await request(flags);
    await clock.advance(10);
    expect((await request(flags)).value).toBe("first");
    await vi.waitFor(() => expect(flags.status.lastError).not.toBeNull());
  });

  describe("that fails", () => {
    /** Responds with 500 after 100 ms. */
    const fail = async (): Promise<Response> => {
      await new Promise<void>((resolve) => clock.setTimer(resolve, 100, { holdsProcess: false }));
      return new Response("", { status: 500 });
    };
    /** Makes 20 requests per second. Returns the values, and how long each one took in ms. */
    const visit = async (flags: EdgeClient, seconds: number) => {
      const visits: Promise<{ readonly value: string; readonly ms: number }>[] = [];
      for (let i = 0; i < 20 * seconds; i++) {
        const startedAtMs = clock.monotonicMs();
        const visiting = flags.forRequest({ waitUntil() {} }).then((client) => ({
          value: client.getStringAssignment("checkout", "alice", {}, "default"),
          ms: clock.monotonicMs() - startedAtMs,
        }));
        visits.push(visiting);
        await clock.advance(50);
      }
      await clock.advance(1_500);
      return Promise.all(visits);
    };

    it("is shared by all requests without a configuration, which then get defaults at once for a second", async () => {
      vendor.fault = fail;
      const visits = await visit(create(), 10);
      expect(visits.map(({ value }) => value)).toEqual(visits.map(() => "default"));
      const waits = visits.map(({ ms }) => ms).sort((a, b) => a - b);
      expect(waits[waits.length / 2]).toBe(0);
      expect(waits.at(-1)).toBeLessThanOrEqual(110);
      expect(vendor.requests.length).toBeLessThanOrEqual(10);
    });

    it("is repeated at most once a second next to an old configuration", async () => {
      const flags = create();
      await request(flags);
      await clock.advance(31_000);
      vendor.fault = fail;
      const visits = await visit(flags, 20);
      expect(visits.every(({ ms, value }) => ms === 0 && value === "first")).toBe(true);
      expect(vendor.requests.length).toBeLessThanOrEqual(1 + 20);
      vendor.fault = null;
      vendor.value = "second";
      await visit(flags, 1);
      expect((await request(flags)).value).toBe("second");
    });
  });

  it("is not made during a pause that the server requested", async () => {
    const flags = create();
    vendor.fault = () => new Response("", { status: 429, headers: { "retry-after": "60" } });
    await request(flags);
    vendor.fault = null;
    expect((await request(flags)).value).toBe("default");
    expect(vendor.requests).toHaveLength(1);
    await clock.advance(61_000);
    expect((await request(flags)).value).toBe("first");
  });

  it("does not replace the result of a later check", async () => {
    const flags = create({ initializationTimeoutMs: 1_500 });
    await request(flags);
    await clock.advance(31_000);
    let answer = (_: Response): void => {};
    vendor.fault = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    await request(flags);
    await clock.advance(2_000);
    vendor.fault = null;
    vendor.value = "third";
    await request(flags);
    await vi.waitFor(async () => expect((await request(flags)).value).toBe("third"));
    answer(new Response(flagsWith("second")));
    await clock.advance(100);
    expect((await request(flags)).value).toBe("third");
  });
});

describe("a cache", () => {
  it("saves other isolates a request to the vendor, and is written once per response", async () => {
    const cache = createMemoryCache();
    await finish(request(create({ cache })));
    await clock.advance(10_000);
    const second = create({ cache });
    expect((await request(second)).value).toBe("first");
    expect(vendor.requests).toHaveLength(1);
    expect(cache.writes).toBe(1);
    expect(second.status).toMatchObject({ vendorRequests: 0, cache: { hits: 1 } });
  });

  it("is updated when the vendor confirms its copy", async () => {
    const cache = createMemoryCache();
    await finish(request(create({ cache })));
    await clock.advance(31_000);
    const second = create({ cache });
    await finish(request(second));
    expect(vendor.requests[1]?.headers["if-none-match"]).toBe('"first"');
    await clock.advance(10_000);
    const third = create({ cache });
    await request(third);
    expect(third.status.ageMs).toBeGreaterThanOrEqual(10_000);
    expect(third.status).toMatchObject({ state: "fresh", vendorRequests: 0 });
  });

  it("has entry names that do not contain the key", async () => {
    const cache = createMemoryCache();
    await finish(request(create({ cache, apiKey: "secret-key" })));
    expect([...cache.entries.keys()]).toEqual([
      expect.stringMatching(/^sortition\/1\/eppo\/[0-9a-f]{64}$/),
    ]);
    expect(new TextDecoder().decode([...cache.entries.values()][0])).not.toContain("secret-key");
  });

  it.each([
    { fault: "torn", spoil: (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1) },
    { fault: "torn", spoil: (bytes: Uint8Array) => bytes.map((it, i) => (i === 80 ? it ^ 1 : it)) },
    { fault: "torn", spoil: () => new Uint8Array(3) },
  ])("with a $fault entry does not serve it, and counts the fault", async ({ fault, spoil }) => {
    const cache = createMemoryCache();
    await finish(request(create({ cache })));
    for (const [name, bytes] of cache.entries) cache.entries.set(name, spoil(bytes));
    const flags = create({ cache });
    expect((await request(flags)).value).toBe("first");
    expect(flags.status.cache?.faults).toMatchObject({ [fault]: 1 });
    expect(vendor.requests).toHaveLength(2);
  });

  it("with a cache that returns a string reports that bytes are expected", async () => {
    const cache = { get: async () => "{}" as never, put: async () => {} };
    const warn = vi.fn();
    const flags = create({ cache, diagnostics: { ...SILENT, warn } });
    expect((await request(flags)).value).toBe("first");
    const reason = expect.stringContaining("expected the bytes that put received, got a string");
    expect(warn).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ reason }));
  });

  it("without forRequest throws an error that names it", () => {
    const flags = create() as unknown as Awaited<ReturnType<EdgeClient["forRequest"]>>;
    expect(() => flags.getStringAssignment("flag", "u", {}, "")).toThrow(
      "(await flags.forRequest(ctx)).getStringAssignment(…)",
    );
  });

  it("with an entry of another origin does not serve it", async () => {
    const cache = createMemoryCache();
    await finish(request(create({ cache, apiKey: "other" })));
    const [foreign] = cache.entries.values();
    const flags = create({ cache: { ...cache, get: async () => foreign ?? null } });
    await request(flags);
    expect(flags.status).toMatchObject({ vendorRequests: 1, cache: { faults: { foreign: 1 } } });
  });

  it("with an entry older than the served configuration does not serve it", async () => {
    const cache = createMemoryCache();
    const flags = create({ cache });
    await finish(request(flags));
    const [older] = cache.entries;
    await clock.advance(31_000);
    vendor.value = "second";
    await finish(request(flags));
    if (older !== undefined) cache.entries.set(...older);
    await clock.advance(31_000);
    vendor.fault = () => new Response("", { status: 500 });
    await finish(request(flags));
    expect((await request(flags)).value).toBe("second");
    expect(flags.status.cache?.faults.older).toBeGreaterThanOrEqual(1);
  });

  it.each([
    {
      what: "takes 2 s",
      fault: "late",
      get: () =>
        new Promise<null>(
          (resolve) => void clock.setTimer(() => resolve(null), 2_000, { holdsProcess: false }),
        ),
    },
    { what: "rejects", fault: "failed", get: () => Promise.reject(new Error("KV is down")) },
    {
      what: "throws",
      fault: "failed",
      get: () => {
        throw new Error("KV is down");
      },
    },
  ])("that $what does not delay a request beyond its limit", async ({ fault, get }) => {
    const flags = create({ cache: { get, put: async () => {} } });
    const { value, waitedMs } = await request(flags);
    expect(value).toBe("first");
    expect(waitedMs).toBeLessThanOrEqual(1_600);
    expect(flags.status.cache?.faults).toMatchObject({ [fault]: 1 });
  });

  it("that cannot be written does not affect requests", async () => {
    const cache = { ...createMemoryCache(), put: () => Promise.reject(new Error("429")) };
    const flags = create({ cache });
    expect((await request(flags)).value).toBe("first");
    await vi.waitFor(() => expect(flags.status.cache?.faults.failed).toBe(1));
  });

  it("serves even an old copy while the vendor is down", async () => {
    const cache = createMemoryCache();
    await finish(request(create({ cache })));
    await clock.advance(3_600_000);
    vendor.fault = hang;
    const { value, waitedMs } = await request(create({ cache }));
    expect(value).toBe("first");
    expect(waitedMs).toBeLessThan(100);
  });
});

describe("what @sortition/web does with the clients of requests", () => {
  it("is counted in the status of their isolate", async () => {
    const flags = create();
    expect(flags.status.web).toBeNull();
    for (const counter of ["snapshots", "posts", "forged"] as const) {
      const making = flags.forRequest();
      await msUntil(making);
      webParts(await making).count(counter);
    }
    expect(flags.status.web).toMatchObject({ snapshots: 1, posts: 1, forged: 1, expired: 0 });
  });
});

describe("exposures", () => {
  it("of one turn are sent together in the next turn, with one promise", async () => {
    const flags = create();
    const work: Promise<unknown>[] = [];
    const making = flags.forRequest({ waitUntil: (promise) => void work.push(promise) });
    await msUntil(making);
    const client = await making;
    const before = work.length;
    for (const subject of ["a", "b", "c"]) client.getStringAssignment("checkout", subject, {}, "d");
    expect(sent).toEqual([]);
    expect(work).toHaveLength(before + 1);
    await clock.advance(1);
    expect(sent.map((list) => list.map(({ event }) => event.subject))).toEqual([["a", "b", "c"]]);
    expect(flags.status.exposures).toMatchObject({ accepted: 3, delivered: 3, underWay: 0 });
  });

  it("are deduplicated across all requests of the isolate", async () => {
    const flags = create();
    await request(flags);
    await request(flags);
    await clock.advance(1);
    expect(sent.flat()).toHaveLength(1);
  });

  it("are sent by flush if there is no waitUntil", async () => {
    const flags = create();
    const making = flags.forRequest();
    await msUntil(making);
    const client = await making;
    client.getStringAssignment("checkout", "alice", {}, "d");
    const flushing = client.flush();
    await msUntil(flushing);
    expect(await flushing).toMatchObject({
      underWay: 1,
      delivered: 1,
      pending: 0,
      timedOut: false,
    });
    expect(sent.flat()).toHaveLength(1);
  });

  it("are sent even if waitUntil throws", async () => {
    const flags = create();
    const making = flags.forRequest({
      waitUntil() {
        throw new Error("the request has ended");
      },
    });
    await msUntil(making);
    (await making).getStringAssignment("checkout", "alice", {}, "d");
    await clock.advance(1);
    expect(sent.flat()).toHaveLength(1);
  });

  it.each([
    { what: "rejects", reason: "failed", send: () => Promise.reject(new Error("down")) },
    { what: "hangs", reason: "timeout", send: () => new Promise<never>(() => {}) },
  ])("are dropped if send $what, and logged again with the same ID", async ({ reason, send }) => {
    const ids: string[] = [];
    const flags = create({
      send(exposures) {
        ids.push(...exposures.map(({ event }) => event.messageId));
        return send();
      },
    });
    const { work } = await request(flags);
    await msUntil(Promise.all(work));
    expect(flags.status.exposures).toMatchObject({
      accepted: 1,
      dropped: { [reason]: 1 },
      underWay: 0,
    });
    await request(flags);
    await clock.advance(1);
    expect(flags.status.exposures.accepted).toBe(2);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  it("are logged again if send reports them as failed, and not if the receiver refused them", async () => {
    const subjects: string[][] = [];
    const flags = create({
      async send(exposures) {
        subjects.push(exposures.map(({ event }) => event.subject));
        const of = (subject: string) => exposures.filter(({ event }) => event.subject === subject);
        return { refused: of("refused"), failed: of("failed") };
      },
    });
    for (let i = 0; i < 2; i++) {
      const making = flags.forRequest({ waitUntil() {} });
      await msUntil(making);
      for (const subject of ["good", "refused", "failed"]) {
        (await making).getStringAssignment("checkout", subject, {}, "default");
      }
      await clock.advance(1);
    }
    expect(subjects).toEqual([["good", "refused", "failed"], ["failed"]]);
    expect(flags.status.exposures).toMatchObject({
      accepted: 4,
      delivered: 1,
      dropped: { refused: 1, failed: 2 },
      underWay: 0,
    });
  });

  it("of a request that has ended are dropped by the next call", async () => {
    // Simulates a platform that ends timers with the request: `send` never settles, and its deadline never fires.
    let isEnded = false;
    const flags = create({
      send: () => new Promise<never>(() => {}),
      clock: {
        ...clock,
        setTimer: (callback, delayMs, options) =>
          clock.setTimer(() => void (isEnded || callback()), delayMs, options),
      },
    });
    await request(flags);
    await clock.advance(1);
    isEnded = true;
    await clock.advance(3_000);
    expect(flags.status.exposures).toMatchObject({
      accepted: 1,
      dropped: { "request-ended": 1 },
      underWay: 0,
    });
  });

  it.each([
    { made: "without a context", context: undefined, lines: 1 },
    { made: "with a context without waitUntil", context: {}, lines: 1 },
    { made: "with waitUntil", context: { waitUntil() {} }, lines: 0 },
  ])(
    "that are lost because requests are made $made cause $lines warnings",
    async ({ context, lines }) => {
      const warned: string[] = [];
      let isEnded = false;
      const flags = create({
        diagnostics: { ...SILENT, warn: (message) => void warned.push(message) },
        deduplication: false,
        clock: {
          ...clock,
          setTimer: (callback, delayMs, options) =>
            clock.setTimer(() => void (isEnded || callback()), delayMs, options),
        },
      });
      await request(flags);
      await clock.advance(1);
      warned.length = 0;
      for (let i = 0; i < 3; i++) {
        isEnded = false;
        const client = await flags.forRequest(context);
        isEnded = true;
        client.getStringAssignment("checkout", "alice", {}, "default");
        await clock.advance(3_000);
      }
      expect(flags.status.exposures.dropped["request-ended"]).toBe(3);
      expect(warned).toHaveLength(lines);
      if (lines > 0) expect(warned[0]).toMatch(/forRequest\(ctx\), or await client.flush\(\)/);
    },
  );

  it("that are flushed without a context cause no warning", async () => {
    const warned: string[] = [];
    const flags = create({ diagnostics: { ...SILENT, warn: (it) => void warned.push(it) } });
    await request(flags);
    const client = await flags.forRequest();
    client.getStringAssignment("checkout", "bob", {}, "default");
    await msUntil(client.flush());
    await clock.advance(3_000);
    expect([flags.status.exposures.underWay, warned]).toEqual([0, []]);
  });

  it("have the attributes at the time of the evaluation", async () => {
    const flags = create();
    const making = flags.forRequest();
    await msUntil(making);
    const attributes = { plan: "pro" };
    (await making).getStringAssignment("checkout", "alice", attributes, "d");
    attributes.plan = "changed";
    await clock.advance(1);
    expect(sent[0]?.[0]?.event).toMatchObject({ subjectAttributes: { plan: "pro" } });
  });

  it("are not logged without send", async () => {
    const flags = create({ send: undefined });
    expect((await request(flags)).value).toBe("first");
    expect(flags.status.exposures.accepted).toBe(0);
  });
});

describe("an unreachable vendor", () => {
  it.each([
    { what: "refuses connections", fault: () => Promise.reject(nested()), text: /refused/ },
    { what: "responds with 503", fault: () => new Response("", { status: 503 }), text: /503/ },
    { what: "has not responded yet", fault: hang, text: /first attempt is still under way/ },
  ])("is reported in single lines that name the cause, if it $what", async ({ fault, text }) => {
    const lines: string[] = [];
    const write = (message: string, facts: object = {}): void => {
      lines.push(message);
      for (const fact of Object.values(facts)) {
        expect(fact).not.toBeInstanceOf(Error);
        expect(String(fact)).not.toContain("\n");
      }
    };
    vendor.fault = fault;
    const flags = create({ diagnostics: { ...SILENT, warn: write, error: write } });
    expect((await request(flags)).value).toBe("default");
    expect(lines.at(-1)).toMatch(
      /^flag "checkout" evaluated before ready: default returned; no configuration yet; the (last attempt failed: |first)/,
    );
    expect(lines.at(-1)).toMatch(text);
  });
});

/** Returns an error like that of Node's `fetch`. */
function nested(): Error {
  return new TypeError("fetch failed", { cause: new Error("connect: connection refused") });
}

describe("edgeClient and forRequest", () => {
  it.each<{ options: object; option: string; text?: RegExp }>([
    { options: { dialect: undefined }, option: "dialect", text: /is missing: pass dialect: eppo/ },
    { options: { apiKey: "" }, option: "apiKey" },
    { options: { fetch: 5 }, option: "fetch" },
    { options: { cache: { get() {} } }, option: "cache" },
    { options: { cache: { put() {} } }, option: "cache" },
    { options: { maxAgeMs: 999 }, option: "maxAgeMs" },
    { options: { cache: namespace() }, option: "cache", text: /kvCache\(env\.FLAGS\)/ },
    { options: { cache: webCache() }, option: "cache", text: /cacheApi\(caches\.default\)/ },
    { options: { cache: cacheStorage() }, option: "cache", text: /cacheApi\(caches\.default\)/ },
    { options: { send: "url" }, option: "send", text: /postTo\(\{ url \}\)/ },
    { options: { baseUrl: "ftp://x" }, option: "baseUrl" },
    { options: { source: {} }, option: "source", text: /apiKey/ },
    { options: { disk: {} }, option: "disk", text: /kvCache/ },
    { options: { pollIntervalMs: 5 }, option: "pollIntervalMs", text: /maxAgeMs/ },
    { options: { maxAge: 5 }, option: "maxAge", text: /maxAgeMs/ },
  ])("refuse $options and name $option", ({ option, options, text = /./ }) => {
    expect(() => create(options)).toThrow(
      expect.objectContaining({ option, message: expect.stringMatching(text) }),
    );
  });

  it("are reported together", () => {
    const options = { maxAge: 5, send: "url", cache: {}, fetch: undefined, apiKey: "" };
    expect(() => create(options as object)).toThrow(
      /^maxAge: .*\napiKey: .*\ncache: .*\nsend: .*$/,
    );
  });

  it("are reported if they are null", () => {
    const expected = "options: expected an object, got null";
    expect(() => edgeClient(null as never)).toThrow(expected);
    expect(() => fetchOrigin(null as never)).toThrow(expected);
    expect(() => postTo(null as never)).toThrow("postTo: expected an object, got null");
  });

  it.each([
    {
      what: "the request",
      context: new Request("https://shop.example/"),
      text: /forRequest\(ctx\)/,
    },
    { what: "Node's request", context: { url: "/", headers: {} }, text: /forRequest\(ctx\)/ },
    { what: "Hono's context", context: { req: {}, executionCtx: {} }, text: /c\.executionCtx/ },
    { what: "null", context: null, text: /forRequest\(ctx\)/ },
    { what: "waitUntil", context: () => {}, text: /is a function: write forRequest\(ctx\)/ },
  ])("refuse $what instead of the context", async ({ context, text }) => {
    await expect(create().forRequest(context as never)).rejects.toMatchObject({
      option: "context",
      message: expect.stringMatching(text),
    });
  });

  it("report an object without waitUntil, such as env, once", async () => {
    const warn = vi.fn();
    const flags = create({ diagnostics: { ...SILENT, warn } });
    for (const context of [{ FLAGS: {} }, { FLAGS: {} }, {}, undefined]) {
      await flags.forRequest(context as never);
    }
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      'forRequest(…) got an object with "FLAGS", but without waitUntil: pass ctx, or nothing if there is none',
    ]);
  });

  it("accept a request-like context with waitUntil, such as a service worker's event", async () => {
    const event = { request: {}, url: "", headers: {}, waitUntil() {} };
    const flags = create();
    await request(flags);
    expect(await flags.forRequest(event)).toBeDefined();
  });

  it("refuse a waitUntil that is not a function", async () => {
    const flags = create();
    await expect(flags.forRequest({ waitUntil: 5 as never })).rejects.toMatchObject({
      option: "waitUntil",
    });
  });

  it("report a platform without fetch", () => {
    const { fetch } = globalThis;
    try {
      Object.assign(globalThis, { fetch: undefined });
      expect(() => create({ fetch: undefined })).toThrow(
        expect.objectContaining({ option: "fetch" }),
      );
    } finally {
      Object.assign(globalThis, { fetch });
    }
  });
});

function namespace(): object {
  return { get() {}, put() {}, getWithMetadata() {}, list() {}, delete() {} };
}

function webCache(): object {
  return { match() {}, put() {}, delete() {} };
}

function cacheStorage(): object {
  return { match() {}, open() {}, has() {}, keys() {}, delete() {} };
}

/** Sends one byte per second of the fake clock, without end. */
function drip(): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const next = (): void => {
        try {
          controller.enqueue(new TextEncoder().encode("{"));
        } catch {
          return; // the body is no longer read
        }
        clock.setTimer(next, 1_000, { holdsProcess: false });
      };
      next();
    },
  });
  return new Response(body);
}
