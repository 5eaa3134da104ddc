import { type Client, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { createClient as createNodeClient } from "@sortition/node";
import { afterEach, describe, expect, it } from "vitest";
import { type EppoSourceOptions, eppoOrigin, eppoSource } from "../../src/source.js";
import { startServer } from "../client/shop.js";

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const it of open.splice(0).reverse()) await it.close();
});

describe("eppoSource", () => {
  it("fetches flags and, if they refer to any, bandit models", async () => {
    const server = await startServer();
    open.push(server);
    const clients = ["key", "shoes"].map((apiKey): Client => {
      const source = eppoSource({ apiKey, baseUrl: server.url });
      const client = createClient({ dialect: eppo(), source, assignmentLogger: null });
      open.push(client);
      return client;
    });
    for (const client of clients) await client.waitForInitialization();
    expect(clients.map(({ status }) => [status.dialect, status.stream])).toEqual([
      ["eppo", null],
      ["eppo", null],
    ]);
    const asked = server.requests.map(({ path, query }) => `${query.get("apiKey")} ${path}`);
    expect(asked.toSorted()).toEqual([
      "key /flag-config/v1/config",
      "shoes /flag-config/v1/bandits",
      "shoes /flag-config/v1/config",
    ]);
  });
});

describe("a client without the option dialect", () => {
  it("evaluates with eppo(), although the source only has its addresses", async () => {
    const server = await startServer();
    open.push(server);
    const source = eppoSource({ apiKey: "key", baseUrl: server.url });
    expect(source.dialect).not.toHaveProperty("compile");
    const client = createNodeClient({ source, assignmentLogger: null });
    open.push(client);
    await client.waitForInitialization();
    expect(client.getConfiguration()?.dialect).toHaveProperty("compile");
    expect(client.getFlagKeys().size).toBeGreaterThan(0);
  });

  it("has the hints of Eppo's dialect for unknown options", () => {
    const options = { source: eppoSource({ apiKey: "key" }), pollingIntervalMs: 5 };
    const message = "pollingIntervalMs: unknown option; use pollIntervalMs";
    expect(() => createNodeClient(options)).toThrow(message);
    expect(() => createClient({ dialect: eppo(), ...options })).toThrow(message);
  });
});

describe("eppoSource's options", () => {
  it.each<{ options: object; message: string }>([
    {
      options: { streaming: true },
      message:
        "streaming: unknown option; Eppo's server has no stream, so flags and bandits are polled, see https://github.com/sortition/sortition/blob/main/docs/guides/production.md#stream-changes",
    },
    { options: { apiKey: "" }, message: "apiKey: expected a key" },
    { options: { dialect: {} }, message: "dialect: unknown option" },
    { options: { pollIntervalMs: 1 }, message: "pollIntervalMs" },
    { options: { requestTimeoutMs: 0 }, message: "requestTimeoutMs" },
  ])("are refused: $options", ({ message, options }) => {
    const all = { apiKey: "key", ...options } as EppoSourceOptions;
    expect(() => eppoSource(all)).toThrow(message);
  });

  it("are refused together with those of the origin", () => {
    const options = { streaming: true, apiKey: "'k'", pollIntervalMs: 1 };
    expect(() => eppoSource(options as EppoSourceOptions)).toThrow(
      /^streaming: .*\napiKey: is in quotes.*\npollIntervalMs: .*$/,
    );
    expect(() => eppoSource(null as never)).toThrow("options: expected an object, got null");
  });

  it("identify cached content without containing the key", () => {
    const { scope } = eppoOrigin({ apiKey: "secret" });
    expect([/^[0-9a-f]{64}$/.test(scope), scope.includes("secret")]).toEqual([true, false]);
  });
});
