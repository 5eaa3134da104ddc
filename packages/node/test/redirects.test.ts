import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Client } from "@sortition/core";
import { selfSignedCertificate, startTestServer, type TestServer } from "@sortition/test-kit";
import { Agent } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import { recordDiagnostics } from "./support/diagnostics.js";
import { flagsBody } from "./support/flags.js";
import { flagsAnswer, status } from "./support/servers.js";

const KEY = "secret-key-5f3a";

describe("lifecycle §7 fault 8: a redirect", () => {
  let server: TestServer;
  let client: Client;

  const create = (dispatcher?: Agent): void => {
    client = createClient({
      apiKey: KEY,
      baseUrl: server.url,
      pollIntervalMs: null,
      diagnostics: recordDiagnostics(),
      dispatcher,
    });
  };
  beforeEach(async () => {
    server = await startTestServer();
  });

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it("is refused if it leads to another origin; the error names the origin without the key, which is not sent there", async () => {
    await using other = await startTestServer(flagsAnswer("a"));
    server.respond(({ query }) => status(302, { location: `${other.url}/x?${query}` }));
    create();
    const { outcome, error } = await client.refresh();
    expect([outcome, error?.code]).toEqual(["failed", "SORTITION_PROTOCOL"]);
    expect(error?.message).toContain(other.url);
    expect(error?.message).not.toContain(KEY);
    expect(other.requests).toHaveLength(0);
  });

  it("is followed from http to https on the same host", async () => {
    const asked: string[] = [];
    const secure = createServer(selfSignedCertificate(), ({ url = "" }, response) => {
      asked.push(url);
      response.end(flagsBody("secure"));
    }).listen(0, "127.0.0.1");
    await once(secure, "listening");
    const { port } = secure.address() as AddressInfo; // it listens on TCP
    server.respond(({ path, query }) =>
      status(301, { location: `https://127.0.0.1:${port}${path}?${query}` }),
    );
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    create(dispatcher);
    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    expect(asked).toEqual([expect.stringContaining(KEY)]);
    expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("secure");
    await dispatcher.destroy();
    secure.close();
  });
});
