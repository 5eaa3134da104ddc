import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createFakeClock, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EppoClient, getInstance, type IClientConfig, init } from "../../src/index.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const BODY = JSON.stringify({ format: "SERVER", environment: { name: "Test" }, flags: {} });
/** Three intervals of 30 s and a request. A configuration of that age is stale. */
const STALE_MS = 95_000;

let server: TestServer;
let said: string[];

beforeEach(async () => {
  said = [];
  Reflect.deleteProperty(globalThis, Symbol.for("@sortition/eppo 0"));
  server = await startTestServer({ kind: "answer", body: BODY });
});
afterEach(() => server.close());

function configOf(more: Partial<IClientConfig> = {}): IClientConfig {
  const warn = (message: string): void => void said.push(message);
  return {
    apiKey: "key",
    baseUrl: `${server.url}/api`,
    assignmentLogger: { logAssignment() {} },
    diagnostics: { debug() {}, info() {}, warn, error: warn },
    ...more,
  };
}

/** Counts the clients that are still reachable. */
async function held(clients: readonly WeakRef<EppoClient>[]): Promise<number> {
  for (let i = 0; i < 3; i++) {
    // A reference that was read in this turn is kept until its end.
    await turn();
    collectGarbage();
  }
  return clients.filter((it) => it.deref() !== undefined).length;
}

describe("a replaced client", () => {
  it("is collected after a second init, even before its configuration is stale", async () => {
    const clients: WeakRef<EppoClient>[] = [];
    for (let i = 0; i < 10; i++) clients.push(new WeakRef(await init(configOf())));
    expect(await held(clients)).toBe(1);
    await getInstance().close();
  });

  it("does not report a stale configuration, nor does a client whose polling was stopped", async () => {
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3));
    const clock = createFakeClock({ settle });
    await init(configOf({ clock }));
    const second = await init(configOf({ clock }));
    second.stopPolling();
    await clock.advance(2 * STALE_MS);
    expect(said).toEqual([]);
    expect(server.requests).toHaveLength(2);
    await second.close();
  });

  it("reports a stale configuration again after fetchFlagConfigurations", async () => {
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3));
    const clock = createFakeClock({ settle });
    const client = await init(configOf({ clock }));
    client.stopPolling();
    await clock.advance(STALE_MS / 2);
    server.respond({ kind: "answer", status: 500 });
    const fetching = client.fetchFlagConfigurations().catch(() => {});
    await clock.advance(STALE_MS);
    await fetching;
    expect(said).toContain("stale");
    await client.close();
  });
});
