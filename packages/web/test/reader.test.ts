import { ownFetch } from "@sortition/test-kit";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Snapshot } from "../src/index.js";
import { createReader } from "../src/index.js";

let tokens = 0;

/** A snapshot with its own token. */
function newSnapshot(members: Partial<Snapshot> = {}): Snapshot {
  tokens += 1;
  return {
    v: 1,
    values: { checkout: "fast", search: "b", ui: true, banner: { text: "Hi" } },
    logs: ["checkout", "search"],
    ids: [`checkout-${tokens}`, `search-${tokens}`],
    overridden: [],
    url: "/api/exposures",
    token: `1.${tokens}`,
    ...members,
  };
}

const send = vi.fn<(url: string, init: RequestInit) => Promise<{ status: number }>>();
const bodies = () => send.mock.calls.map(([, { body }]) => JSON.parse(`${body}`));

beforeEach(() => {
  send.mockReset().mockResolvedValue({ status: 204 });
  vi.stubGlobal("fetch", ownFetch(send));
  vi.spyOn(console, "warn").mockImplementation(() => {});
  return () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  };
});

describe("a reader", () => {
  it("returns values of the default's type, and the default for all others", () => {
    const values = { checkout: "fast", columns: 3, banner: { text: "Hi" }, none: null };
    const reader = createReader(newSnapshot({ values }));
    expect(reader.get("checkout", "standard")).toBe("fast");
    expect(reader.get("checkout", false)).toBe(false);
    expect(reader.get("columns", 1)).toBe(3);
    expect(reader.get("banner", null)).toBe(values.banner);
    expect(reader.get("none", { text: "" })).toBeNull();
    expect(reader.get("absent", "standard")).toBe("standard");
    expect(reader.get("toString", "standard")).toBe("standard");
  });

  it("has defaults and logs nothing for a snapshot of another version, or none", async () => {
    for (const odd of [newSnapshot({ v: 2 as 1 }), {}, null, undefined, "text", 7]) {
      const reader = createReader(odd as Snapshot);
      expect(reader.get("checkout", "standard")).toBe("standard");
      reader.exposed("checkout");
    }
    await Promise.resolve();
    expect(send).not.toHaveBeenCalled();
  });

  it("sends each exposure once for each snapshot, and those of one turn in one request", async () => {
    const snapshot = newSnapshot();
    const reader = createReader(snapshot);
    for (const flag of ["checkout", "ui", "search", "checkout", "absent"]) reader.exposed(flag);
    await Promise.resolve();
    // The same page, rendered again or restored from a cache.
    createReader(structuredClone(snapshot)).exposed("checkout");
    const other = newSnapshot();
    createReader(other).exposed("search");
    await Promise.resolve();
    expect(bodies()).toEqual([
      { t: snapshot.token, f: [0, 1] },
      { t: other.token, f: [1] },
    ]);
  });

  it("sends JSON that outlives the page", async () => {
    createReader(newSnapshot({ url: "/flags/exposures" })).exposed("checkout");
    await Promise.resolve();
    const [url, init] = send.mock.calls[0] ?? [];
    expect(url).toBe("/flags/exposures");
    expect(init).toEqual({
      method: "POST",
      headers: { "content-type": "application/json" },
      keepalive: true,
      body: expect.any(String),
    });
  });

  it.each([
    { name: "a 5xx", first: () => Promise.resolve({ status: 503 }), requests: 2 },
    { name: "no response", first: () => Promise.reject(new TypeError("offline")), requests: 2 },
    { name: "a 4xx", first: () => Promise.resolve({ status: 410 }), requests: 1 },
    { name: "the HTML of a login", first: () => Promise.resolve({ status: 200 }), requests: 1 },
  ])(
    "sends $requests requests after $name, and with the next snapshot",
    async ({ first, requests }) => {
      vi.useFakeTimers();
      onTestFinished(() => void vi.useRealTimers());
      send.mockImplementation(first);
      const snapshot = newSnapshot();
      for (const times of [1, 2]) {
        createReader(structuredClone(snapshot)).exposed("checkout");
        await vi.advanceTimersByTimeAsync(60_000);
        expect(send).toHaveBeenCalledTimes(times * requests);
      }
      const tries = [true, false].slice(0, requests);
      expect(send.mock.calls.map(([, { keepalive }]) => keepalive)).toEqual([...tries, ...tries]);
      expect(new Set(bodies().map((it) => JSON.stringify(it))).size).toBe(1);
      // SvelteKit behind a proxy refuses text, on each try.
      for (const [, { headers }] of send.mock.calls) {
        expect(new Headers(headers).get("content-type")).toBe("application/json");
      }
    },
  );

  it.each([
    {
      name: "prerenders and then shows",
      page: { prerendering: true, visibilityState: "hidden" },
      changes: [["prerenderingchange", { prerendering: false, visibilityState: "visible" }]],
    },
    {
      name: "prerenders and then opens in the background",
      page: { prerendering: true, visibilityState: "hidden" },
      changes: [
        ["prerenderingchange", { prerendering: false }],
        ["visibilitychange", { visibilityState: "visible" }],
      ],
    },
    {
      name: "opens in the background",
      page: { visibilityState: "hidden" },
      changes: [["visibilitychange", { visibilityState: "visible" }]],
    },
  ] as const)(
    "of a page that the browser $name waits until the visitor sees it",
    async ({ changes, page: state }) => {
      const page = Object.assign(new EventTarget(), state);
      vi.stubGlobal("document", page);
      createReader(newSnapshot()).exposed("checkout");
      await new Promise((resolve) => setTimeout(resolve));
      const change = (event: string, to: object) => {
        Object.assign(page, to);
        page.dispatchEvent(new Event(event));
      };
      for (const [event, to] of changes) {
        expect(send).not.toHaveBeenCalled();
        change(event, to);
      }
      for (const visibilityState of ["hidden", "visible"]) {
        change("visibilitychange", { visibilityState });
      }
      expect(send).toHaveBeenCalledTimes(1);
    },
  );

  it("sends a variation that comes back, and the flags of a second vendor with another route", async () => {
    const [fast, standard] = [newSnapshot(), newSnapshot()];
    const again = newSnapshot({ ids: fast.ids });
    const other = newSnapshot({ ids: fast.ids, url: "/api/other" });
    for (const snapshot of [fast, again, other, standard, standard, fast, other]) {
      createReader(snapshot).exposed("checkout");
      await new Promise((resolve) => setTimeout(resolve));
    }
    const tokens = [fast, other, standard, fast].map(({ token }) => token);
    expect(bodies().map(({ t }) => t)).toEqual(tokens);
  });

  it("logs nothing if the visitor sees another value than the flag's", async () => {
    const reader = createReader(newSnapshot());
    reader.exposed("checkout", false);
    reader.exposed("checkout", undefined);
    await Promise.resolve();
    expect(send).not.toHaveBeenCalled();
    reader.exposed("checkout", "fast");
    await Promise.resolve();
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("survives a browser whose fetch throws or is missing, and tries once more", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    for (const odd of [
      undefined,
      () => {
        throw new Error("blocked");
      },
    ]) {
      vi.stubGlobal("fetch", odd);
      createReader(newSnapshot()).exposed("checkout");
      await vi.advanceTimersByTimeAsync(0);
      vi.stubGlobal("fetch", send);
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(send).toHaveBeenCalledTimes(2);
  });
});

describe("in development, a reader reports once", () => {
  beforeEach(() => {
    vi.resetModules(); // with the reports of other tests
    return () => vi.unstubAllEnvs();
  });

  type Use = (create: typeof createReader) => void;
  const read =
    (snapshot: unknown): Use =>
    (create) =>
      void create(snapshot as Snapshot).get("chekout", "standard");
  const show = (snapshot: Snapshot): Use => {
    send.mockResolvedValue({ status: 404 });
    return (create) => create(snapshot).exposed("checkout");
  };

  it.each([
    { name: "a promise as snapshot", use: () => read(Promise.resolve()), text: /is a promise/ },
    { name: "a string as snapshot", use: () => read("{}"), text: /is a string/ },
    { name: "an unknown flag", use: () => read(newSnapshot()), text: /has no flag "chekout"/ },
    {
      name: "a default of another type",
      use: () => (create) => void create(newSnapshot()).get("checkout", false),
      text: /"checkout" has type string, not boolean: default shown; pass one of type string/,
    },
    { name: "a relative url", use: () => read(newSnapshot({ url: "api" })), text: /url "api"/ },
    {
      name: "a missing route",
      use: () => show(newSnapshot()),
      text: /api\/exposures responded with 404 instead of 204/,
    },
    {
      name: "a snapshot of another version",
      use: () => read(newSnapshot({ v: 2 as 1 })),
      text: /snapshot has version 2 instead of 1/,
    },
  ])("$name, and nothing in production", async ({ text, use }) => {
    const { createReader } = await import("../src/index.js");
    const texts = async (): Promise<string[]> => {
      for (let i = 0; i < 2; i++) {
        use()(createReader);
        await new Promise((resolve) => setTimeout(resolve));
      }
      return vi.mocked(console.warn).mock.calls.map(([it]) => `${it}`);
    };
    vi.stubEnv("NODE_ENV", "production");
    expect(await texts()).toEqual([]);
    vi.stubEnv("NODE_ENV", "development");
    expect((await texts()).filter((it) => text.test(it))).toHaveLength(1);
  });
});
