import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";

interface Sent {
  readonly event: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

function setUp(options: PostHogOptions = {}) {
  const sent: Sent[] = [];
  const client = new PostHog("phc_token", {
    flushInterval: 0,
    fetch: async (_, { body }) => {
      const text = gunzipSync(body as Uint8Array).toString();
      sent.push(...JSON.parse(text).batch);
      return { status: 200, text: async () => "", json: async () => ({}) };
    },
    ...options,
  });
  return { client, sent };
}

afterEach(() => void vi.useRealTimers());

describe("an event captured in a turn", () => {
  it("is sent even if a test replaces all timers, as Jest does", async () => {
    vi.useFakeTimers({
      toFake: [
        ...(["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "Date"] as const),
        ...(["clearTimeout", "clearInterval", "clearImmediate", "performance"] as const),
      ],
    });
    const { client, sent } = setUp({ flushInterval: 5_000 });
    client.capture({ distinctId: "alice", event: "viewed" });
    await Promise.resolve();
    vi.runOnlyPendingTimers();
    vi.useRealTimers();
    await vi.waitFor(() => expect(sent.map(({ event }) => event)).toEqual(["viewed"]));
  });

  it("is counted immediately", () => {
    const { client } = setUp();
    for (let i = 0; i < 3; i++) client.capture({ distinctId: "alice", event: "viewed" });
    expect(client.stats()).toMatchObject({ accepted: 3, queued: 3 });
  });

  it("does not change after it was captured", async () => {
    const { client, sent } = setUp();
    const properties = { cart: { items: 1 } };
    client.capture({ distinctId: "alice", event: "before", properties });
    properties.cart.items = 2;
    client.register({ plan: "team" });
    client.capture({ distinctId: "alice", event: "after", properties });
    client.unregister("plan");
    await client.flush();
    expect(sent.map(({ properties: { cart, plan } }) => ({ cart, plan }))).toEqual([
      { cart: { items: 1 }, plan: undefined },
      { cart: { items: 2 }, plan: "team" },
    ]);
  });

  it("is passed to hooks and listeners immediately, in the context of the call", () => {
    const seen: unknown[] = [];
    const { client } = setUp({
      before_send: (event) => {
        seen.push(event.event);
        return event;
      },
    });
    client.capture({ distinctId: "alice", event: "hooked" });
    expect(seen).toEqual(["hooked"]);
    const other = setUp().client;
    other.on("capture", ({ event }: Sent) => void seen.push(event));
    other.capture({ distinctId: "alice", event: "heard" });
    expect(seen).toEqual(["hooked", "heard"]);
  });
});
