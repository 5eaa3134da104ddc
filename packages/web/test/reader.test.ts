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
  vi.stubGlobal("fetch", send);
  return () => vi.unstubAllGlobals();
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
      { t: snapshot.token, f: ["checkout", "search"] },
      { t: other.token, f: ["search"] },
    ]);
  });

  it("sends text that needs no preflight and outlives the page", async () => {
    createReader(newSnapshot({ url: "/flags/exposures" })).exposed("checkout");
    await Promise.resolve();
    const [url, init] = send.mock.calls[0] ?? [];
    expect(url).toBe("/flags/exposures");
    expect(init).toEqual({ method: "POST", keepalive: true, body: expect.any(String) });
  });

  it.each([
    { name: "a 5xx", first: () => Promise.resolve({ status: 503 }), requests: 2 },
    { name: "no response", first: () => Promise.reject(new TypeError("offline")), requests: 2 },
    { name: "a 4xx", first: () => Promise.resolve({ status: 410 }), requests: 1 },
  ])("sends $requests requests after $name", async ({ first, requests }) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    send.mockImplementation(first);
    createReader(newSnapshot()).exposed("checkout");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(send).toHaveBeenCalledTimes(requests);
    expect(new Set(bodies().map((it) => JSON.stringify(it))).size).toBe(1);
  });

  it("of a page that the browser prerenders waits until the visitor sees it", async () => {
    const page = Object.assign(new EventTarget(), { prerendering: true });
    vi.stubGlobal("document", page);
    createReader(newSnapshot()).exposed("checkout");
    await new Promise((resolve) => setTimeout(resolve));
    expect(send).not.toHaveBeenCalled();
    page.dispatchEvent(new Event("prerenderingchange"));
    page.dispatchEvent(new Event("prerenderingchange"));
    expect(send).toHaveBeenCalledTimes(1);
  });
});
