import { type Client, createClient } from "@sortition/core";
import { createFakeClock } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { amplitude } from "../../src/dialect.js";
import { amplitudeSource } from "../../src/source.js";
import { flagOf } from "../client/local/flags.js";
import { StreamServer } from "../client/local/stream-server.js";

const CHANGES = 20;

/** Returns flags of about 400 bytes each. */
function flagsOf(value: string, count: number): readonly object[] {
  const note = "x".repeat(150);
  return Array.from({ length: count }, (_, i) => flagOf(`flag-${i}`, value, { note }));
}

describe("a change that Amplitude sends", () => {
  let server: StreamServer;
  let client: Client;

  async function start(flags: readonly object[]): Promise<void> {
    server.flags = flags;
    client = createClient({
      dialect: amplitude(),
      source: amplitudeSource({
        deploymentKey: "key",
        serverUrl: server.url,
        streamServerUrl: server.url,
        streamUpdates: true,
      }),
      assignmentLogger: null,
      // Its timers never fire, so no change waits for one.
      clock: createFakeClock(),
    }) as Client;
    await client.waitForInitialization();
  }

  const variantOf = (flag = "flag-0"): string => client.getStringAssignment(flag, "alice", {}, "");

  beforeEach(async () => {
    server = await StreamServer.start();
  });

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it("of 100 kB is served without waiting for a timer or a request", async () => {
    await start(flagsOf("first", 250));
    for (let i = 0; i < CHANGES; i++) {
      const flags = JSON.stringify(flagsOf(`value-${i}`, 250));
      expect(flags.length).toBeGreaterThan(90_000);
      const served = new Promise<void>((resolve) => {
        const remove = client.on("configuration-changed", () => {
          remove();
          resolve();
        });
      });
      server.send(flags);
      await served;
      expect(variantOf()).toBe(`value-${i}`);
    }
    expect([server.polls, server.connections.length]).toEqual([0, 1]);
  });

  it("is served in order, or skipped for a newer one, among a thousand in a row", async () => {
    await start([flagOf("flag", "0")]);
    const served: number[] = [];
    client.on("configuration-changed", () => void served.push(Number(variantOf("flag"))));
    for (let i = 1; i <= 1_000; i++) {
      server.send(JSON.stringify([flagOf("flag", String(i))]));
      // Some are received together, others while one is being compiled.
      if (i % 7 === 0) await new Promise((resolve) => void setImmediate(resolve));
    }
    await expect.poll(() => variantOf("flag")).toBe("1000");
    expect(served).toEqual([...served].sort((a, b) => a - b));
    expect(served.at(-1)).toBe(1_000);
    expect([server.polls, server.connections.length]).toEqual([0, 1]);
  });
});
