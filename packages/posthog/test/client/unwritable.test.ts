import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type EventMessage, PostHog, type PostHogOptions } from "../../src/index.js";
import { FlagServer } from "./flag-server.js";

/** An object that cannot be converted to JSON or a string. */
const HOSTILE = {
  toJSON(): never {
    throw new Error("not as JSON");
  },
  get broken(): never {
    throw new Error("not readable");
  },
};

const MESSAGES: readonly { readonly name: string; readonly message: object }[] = [
  { name: "a BigInt in properties", message: { properties: { big: 5n } } },
  { name: "a BigInt as a group", message: { groups: { company: 5n } } },
  { name: "a hostile group", message: { groups: { company: HOSTILE } } },
  { name: "hostile groups", message: { groups: HOSTILE } },
  { name: "hostile properties", message: { properties: HOSTILE } },
  { name: "a BigInt as a person", message: { distinctId: 5n } },
  { name: "an object as a person", message: { distinctId: { a: 1 } } },
  { name: "a cycle", message: { properties: cycle() } },
  { name: "a symbol", message: { properties: { s: Symbol("s") }, timestamp: Symbol("t") } },
  { name: "a hostile timestamp", message: { timestamp: HOSTILE } },
  { name: "a BigInt as identifier", message: { uuid: 5n } },
];

function cycle(): object {
  const owner: Record<string, unknown> = {};
  owner["self"] = owner;
  return owner;
}

const HOOKS: readonly { readonly name: string; readonly change: object }[] = [
  { name: "person", change: { distinctId: 5n } },
  { name: "groups", change: { groups: { company: 5n } } },
  { name: "properties", change: { properties: { big: 5n, hostile: HOSTILE } } },
];

describe("an event that cannot be serialized", () => {
  let server: FlagServer;
  let client: PostHog;

  const create = (options: PostHogOptions = {}): void => {
    client = new PostHog("phc_key", {
      ...{ fetch: server.fetch, flushAt: 1_000, flushInterval: 0 },
      ...{ disableCompression: true, fetchRetryCount: 0, ...options },
    });
  };
  const delivered = async (): Promise<readonly unknown[]> => {
    await client.flush();
    const { accepted, delivered, dropped, queued } = client.stats();
    expect([queued, delivered + dropped.failed]).toEqual([0, accepted]);
    return server.events.map(({ event }) => event);
  };

  beforeEach(() => {
    server = new FlagServer({});
    for (const level of ["warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation(() => {});
    }
  });
  afterEach(async () => {
    await client.shutdown(100);
    vi.restoreAllMocks();
  });

  it.each(MESSAGES)(
    "does not prevent delivery of the events before and after it: $name",
    async ({ message }) => {
      create();
      client.capture({ distinctId: "anna", event: "before" });
      client.capture({ distinctId: "anna", event: "odd", ...message } as EventMessage);
      client.capture({ distinctId: "anna", event: "after" });
      const events = await delivered();
      expect(events.filter((it) => it !== "odd")).toEqual(["before", "after"]);
    },
  );

  it.each(HOOKS)("does not prevent it either if before_send returns $name", async ({ change }) => {
    create({
      before_send: (event) => (event.event === "odd" ? Object.assign(event, change) : event),
    });
    for (const event of ["before", "odd", "after"]) client.capture({ distinctId: "anna", event });
    const events = await delivered();
    expect(events).toHaveLength(3);
    expect([events.at(0), events.at(-1)]).toEqual(["before", "after"]);
  });

  it.each([
    { name: "a number as its name", hook: (event: object) => ({ ...event, event: 5 }) },
    { name: "no event", hook: () => ({}) },
    { name: "a promise, since it is asynchronous", hook: async (event: object) => event },
  ])("is dropped and counted if before_send changes it to $name", async ({ hook }) => {
    create({
      before_send: (event) => (event.event === "odd" ? (hook(event) as never) : event),
    });
    for (const event of ["before", "odd", "after"]) client.capture({ distinctId: "anna", event });
    await client.captureImmediate({ distinctId: "anna", event: "odd" });
    expect(await delivered()).toEqual(["before", "after"]);
    expect(client.stats().dropped.failed).toBe(2);
    expect(vi.mocked(console.error).mock.calls.join()).toMatch(/before_send returned no event/);
  });

  it("is counted by each method even if it cannot be read", async () => {
    create();
    const unreadable = (event: string): EventMessage =>
      Object.defineProperty({ distinctId: "anna", event }, "timestamp", {
        get: () => HOSTILE.broken,
      });
    const timestamp = Object.assign(new Date(), { toISOString: () => HOSTILE.broken });
    client.capture(unreadable("plain"));
    client.capture(unreadable("$exception"));
    await client.captureImmediate(unreadable("immediate"));
    expect(
      client.captureNow({ distinctId: "anna", event: "identified", timestamp }),
    ).toBeUndefined();
    client.capture({ distinctId: "anna", event: "good" });
    await client.flush();
    expect(server.events).toHaveLength(1);
    expect(client.stats()).toMatchObject({ accepted: 5, delivered: 1, dropped: { failed: 4 } });
    expect(console.error).toHaveBeenCalledTimes(4);
  });

  it("copies its groups when it is captured", async () => {
    create();
    const groups = { company: "acme" };
    client.capture({ distinctId: "anna", event: "x", groups });
    groups.company = "other";
    await delivered();
    expect(server.events[0]?.["properties"]).toMatchObject({ $groups: { company: "acme" } });
  });
});
