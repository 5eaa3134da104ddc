import * as vendorSdk from "@amplitude/experiment-node-server";
import { type Client, createClient } from "@sortition/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { amplitude } from "../../src/dialect.js";
import * as ourSdk from "../../src/index.js";
import { amplitudeSource } from "../../src/source.js";
import { flagOf } from "../client/local/flags.js";
import { StreamServer } from "../client/local/stream-server.js";

const silently = (): void => {};
const SILENT = {
  verbose: silently,
  debug: silently,
  info: silently,
  warn: silently,
  error: silently,
};
/** Longer than the vendor's pauses between two connection attempts. */
const WAIT = { timeout: 15_000 };

interface Side {
  start(): Promise<unknown>;
  value(): unknown;
  stop(): unknown;
}

/** Compares the vendor's client, our drop-in and a native client, which all follow one server. */
describe("streams of our clients and the vendor's", () => {
  let server: StreamServer;
  let sides: readonly Side[];

  const localOf = (
    sdk: Pick<typeof ourSdk, "LocalEvaluationClient">,
    connectTimeoutMs: number,
  ): Side => {
    const client = new sdk.LocalEvaluationClient(`key-${Math.random()}`, {
      serverUrl: server.url,
      streamServerUrl: server.url,
      streamUpdates: true,
      streamFlagConnTimeoutMillis: connectTimeoutMs,
      loggerProvider: SILENT,
    });
    return {
      start: () => client.start(),
      value: () => client.evaluateV2({ user_id: "alice" })["flag"]?.value,
      stop: () => client.stop(),
    };
  };

  const nativeOf = (connectTimeoutMs: number): Side => {
    const source = amplitudeSource({
      deploymentKey: "key",
      serverUrl: server.url,
      streamServerUrl: server.url,
      streamUpdates: true,
      streamFlagConnTimeoutMs: connectTimeoutMs,
    });
    const options = { dialect: amplitude(), source, assignmentLogger: null, diagnostics: SILENT };
    let client: Client | null = null;
    return {
      start() {
        client = createClient(options) as Client;
        return client.waitForInitialization();
      },
      value: () => client?.getStringAssignment("flag", "alice", {}, "none"),
      stop: () => client?.close(),
    };
  };

  const values = (): readonly unknown[] => sides.map((side) => side.value());
  const send = (value: string): void => {
    server.flags = [flagOf("flag", value)];
    server.sendFlags();
  };
  const startAll = async (connectTimeoutMs: number): Promise<void> => {
    const vendor = vendorSdk as unknown as typeof ourSdk; // the surface test compares the types
    sides = [
      localOf(vendor, connectTimeoutMs),
      localOf(ourSdk, connectTimeoutMs),
      nativeOf(connectTimeoutMs),
    ];
    await Promise.all(sides.map((side) => side.start()));
  };

  beforeEach(async () => {
    server = await StreamServer.start();
    server.flags = [flagOf("flag", "a")];
  });

  afterEach(async () => {
    for (const side of sides) await side.stop();
    await server.close();
  });

  it.each([
    { title: "lifecycle §7 fault 45: a stream that never opens", streamStatus: 0 },
    { title: "lifecycle §7 fault 46: a stream that opens and never speaks", streamStatus: 200 },
    { title: "lifecycle §7 fault 51: a stream that is refused with 401", streamStatus: 401 },
    { title: "lifecycle §7 fault 51: a stream that is refused with 404", streamStatus: 404 },
    { title: "lifecycle §7 fault 51: a stream that is refused with 501", streamStatus: 501 },
  ])("$title, and flags are polled", async ({ streamStatus }) => {
    server.streamStatus = streamStatus;
    server.sendsFirst = false;
    await startAll(300);
    expect([values(), server.polls]).toEqual([["a", "a", "a"], 3]);
  });

  it.each<{ title: string; strike: () => void }>([
    {
      title: "lifecycle §7 fault 48: a stream that is cut in the middle of an event",
      strike() {
        server.write(`data: ${JSON.stringify([flagOf("flag", "z")])}\n`);
        server.reset();
      },
    },
    {
      title: "lifecycle §7 fault 49: a stream that sends garbage",
      strike: () => server.send("nonsense"),
    },
    { title: "lifecycle §7 fault 52: a stream that is reset", strike: () => server.reset() },
  ])("$title, and further changes are served without a poll", async ({ strike }) => {
    // A busy machine must not make them poll.
    await startAll(10_000);
    send("b");
    await expect.poll(values, WAIT).toEqual(["b", "b", "b"]);
    server.flags = [flagOf("flag", "c")];
    strike();
    // Each connection starts with all flags.
    await expect.poll(values, WAIT).toEqual(["c", "c", "c"]);
    send("d");
    await expect.poll(values, WAIT).toEqual(["d", "d", "d"]);
    expect(server.polls).toBe(0);
  });
});
