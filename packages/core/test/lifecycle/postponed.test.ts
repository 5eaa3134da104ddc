import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ConfigurationSource } from "../../src/configuration/source.js";
import { type ClientOptions, createClient } from "../../src/index.js";
import { shoes } from "../events/clients.js";

const initialConfiguration = shoes(["f"]);

/** Creates a client while an isolate loads its program, when timers throw and the clock is 0. */
function setUp(options: Partial<ClientOptions> = {}) {
  const subscriptions: string[] = [];
  const source: ConfigurationSource = {
    kind: "static",
    intervalMs: null,
    dialect: initialConfiguration.dialect,
    subscribe(sink) {
      subscriptions.push("subscribed");
      void sink.offer(shoes(["g"]).payloads);
      return { end: async () => void subscriptions.push("ended") };
    },
    refresh: async () => ({ outcome: "unchanged" }),
  };
  let elapsedMs = 0;
  const client = createClient({
    dialect: initialConfiguration.dialect,
    source,
    clock: { monotonicMs: () => elapsedMs },
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    ...options,
  });
  /** Simulates that the program was loaded and a request was received. */
  const serve = (): void => {
    elapsedMs = 1_790_000_000_000;
    vi.unstubAllGlobals();
  };
  return { client, serve, subscriptions };
}

const assign = (client: ReturnType<typeof setUp>["client"]): string =>
  client.getStringAssignment("f", "alice", {}, "default");

describe("a client that is created while the host allows no timers", () => {
  beforeEach(() => {
    const refuse = (): never => {
      throw new Error("disallowed in the global scope");
    };
    vi.stubGlobal("setTimeout", refuse);
    vi.stubGlobal("setImmediate", refuse);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("starts its source when a request first evaluates", () => {
    const { client, serve, subscriptions } = setUp();
    expect(assign(client)).toBe("default");
    expect(subscriptions).toEqual([]);
    serve();
    assign(client);
    assign(client);
    expect(subscriptions).toEqual(["subscribed"]);
  });

  it("starts its source when a request waits for it", async () => {
    const { client, serve } = setUp();
    serve();
    expect(await client.waitForInitialization()).toMatchObject({ ready: true });
  });

  it("starts its source when a request refreshes", async () => {
    const { client, serve, subscriptions } = setUp();
    serve();
    await client.refresh();
    expect(subscriptions).toEqual(["subscribed"]);
  });

  it("serves the initial configuration at once, whose age counts from the first request", () => {
    const { client, serve } = setUp({ initialConfiguration, source: undefined });
    expect(assign(client)).toBe("bandit");
    const servedAtMs = Date.now();
    serve();
    expect(client.status).toMatchObject({ state: "ready", source: "initial" });
    // The wall clock is real.
    expect(client.status.ageMs).toBeLessThanOrEqual(Date.now() - servedAtMs);
  });

  it("keeps a configuration that was set in the meantime", () => {
    const { client, serve } = setUp({ initialConfiguration, source: undefined });
    client.setConfiguration(shoes(["f", "g"]));
    serve();
    expect(client.getFlagKeys()).toEqual(new Set(["f", "g"]));
  });

  it("starts nothing after close", async () => {
    const { client, serve, subscriptions } = setUp();
    const closing = client.close();
    serve();
    assign(client);
    await closing;
    expect(subscriptions).toEqual([]);
  });
});
