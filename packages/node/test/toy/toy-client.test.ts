import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startEventServer, stream } from "../support/event-server.js";
import { ToyClient, type ToyExposure } from "./toy-client.js";

const GOLD = { id: "alice", plan: { tier: "gold" } };
const FREE = { id: "bob", plan: { tier: "free" } };

const colour = (value: string): object => ({
  key: "colour",
  rules: [{ when: { "plan.tier": ["gold"] }, variation: "on" }],
  variations: { on: { string: value, boolean: true, integer: 3, numeric: 0.5, json: [value] } },
});

/** Starts the toy's stream, which begins with all flags. */
async function startToyServer() {
  const streams = new Set<ServerResponse>();
  const send = (response: ServerResponse, type: string, data: object): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  const server = await startEventServer((response) => {
    response.once("close", () => streams.delete(response));
    streams.add(response);
    send(stream(response), "put", { flags: [colour("blue")] });
  });
  return {
    url: server.url.origin,
    streams,
    patch(flag: object): void {
      for (const it of streams) send(it, "patch", flag);
    },
    close: () => server[Symbol.asyncDispose](),
  };
}

describe("a drop-in with two methods", () => {
  const exposures: ToyExposure[] = [];
  let server: Awaited<ReturnType<typeof startToyServer>>;
  let client: ToyClient;

  beforeEach(async () => {
    exposures.length = 0;
    server = await startToyServer();
    client = new ToyClient({ baseUrl: server.url, onExposure: (it) => exposures.push(it) });
  });

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  const untilServed = (value: string): Promise<void> =>
    vi.waitFor(() => expect(client.variation("colour", GOLD, "none")).toBe(value));

  it("returns the value if it has the fallback's type, and the fallback if there is no value", async () => {
    expect(client.variation("colour", GOLD, "none")).toBe("none");
    await untilServed("blue");
    expect(client.variation("colour", GOLD, false)).toBe(true);
    expect(client.variation("colour", GOLD, 0)).toBe(3);
    expect(client.variation("colour", GOLD, 1.5)).toBe(0.5);
    expect(client.variation("colour", GOLD, ["none"])).toEqual(["blue"]);
    expect(client.variation("colour", FREE, "none")).toBe("none");
    expect(client.variation("missing", GOLD, "none")).toBe("none");
  });

  it("reports an exposure once, in the toy's format", async () => {
    await untilServed("blue");
    client.variation("colour", GOLD, "none");
    await vi.waitFor(() => expect(exposures).not.toEqual([]));
    expect(exposures).toEqual([{ flag: "colour", variation: "on", userId: "alice" }]);
  });

  it("serves a change when the stream sends it, and ends the stream", async () => {
    await untilServed("blue");
    server.patch(colour("green"));
    await untilServed("green");
    await client.close();
    await vi.waitFor(() => expect(server.streams.size).toBe(0));
  });
});
