import { gzipSync } from "node:zlib";
import { type Client, createClient } from "@sortition/core";
import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { datadog } from "../../src/dialect.js";
import { type DatadogSourceOptions, datadogOrigin, datadogSource } from "../../src/source.js";
import { payloadOf } from "./payload.js";

describe("datadogSource", () => {
  let server: TestServer;
  let reply: Reply;
  let client: Client | null = null;
  let warnings: string[] = [];

  beforeEach(async () => {
    reply = { kind: "answer", headers: { etag: '"1"' }, body: payloadOf("blue") };
    warnings = [];
    server = await startTestServer(() => reply);
  });

  afterEach(async () => {
    await client?.close();
    client = null;
    await server.close();
  });

  function start(options: Partial<DatadogSourceOptions> = {}): Client {
    const note = (message: string, facts: object = {}): void =>
      void warnings.push(`${message} ${JSON.stringify(facts)}`);
    client = createClient({
      dialect: datadog(),
      source: datadogSource({
        ...{ apiKey: "secret", env: "pro duction", baseUrl: server.url, pollIntervalMs: 60_000 },
        ...options,
      }),
      assignmentLogger: null,
      diagnostics: { debug() {}, info() {}, warn: note, error: note },
    }) as Client;
    return client;
  }

  const colourOf = (it: Client): string => it.getStringAssignment("colour", "alice", {}, "none");

  it("requests the flags of the environment with the key, and without an Accept header", async () => {
    reply = {
      kind: "answer",
      headers: { etag: '"1"', "content-encoding": "gzip" },
      body: gzipSync(payloadOf("blue")),
    };
    const it = start();
    await it.waitForInitialization();
    expect(colourOf(it)).toBe("blue");
    expect(it.getConfiguration()?.environment).toBe("production");
    const [request] = server.requests;
    expect([request?.path, request?.query.get("dd_env")]).toEqual([
      "/api/v2/feature-flagging/config/rules-based/server",
      "pro duction",
    ]);
    expect(request?.headers).toMatchObject({ "dd-api-key": "secret" });
    expect(request?.headers["accept-encoding"]).toContain("gzip");
    expect(request?.headers).not.toHaveProperty("accept");
  });

  it("keeps the flags that the server confirms by 304", async () => {
    const it = start();
    await it.waitForInitialization();
    reply = { kind: "answer", status: 304 };
    expect(await it.refresh()).toMatchObject({ outcome: "unchanged" });
    expect(server.requests.at(-1)?.headers).toMatchObject({ "if-none-match": '"1"' });
    expect(colourOf(it)).toBe("blue");
  });

  it("does not keep the etag of a payload that was refused", async () => {
    const it = start();
    await it.waitForInitialization();
    reply = { kind: "answer", headers: { etag: '"2"' }, body: '{"data":{"type":"x"}}' };
    expect(await it.refresh()).toMatchObject({ outcome: "failed" });
    reply = { kind: "answer", headers: { etag: '"3"' }, body: payloadOf("red") };
    await it.refresh();
    expect(server.requests.at(-1)?.headers).toMatchObject({ "if-none-match": '"1"' });
    expect(colourOf(it)).toBe("red");
  });

  it("asks about the key and the site when the server refuses the key", async () => {
    reply = { kind: "answer", status: 401 };
    const it = start();
    await it.refresh();
    const said = `${warnings.join()} ${JSON.stringify(it.status)}`;
    expect(said).toContain(
      "is apiKey an API key of the organisation, site its site, and env one of its environments?",
    );
    expect(said).not.toContain("secret");
  });

  it.each([
    {
      body: Buffer.from([0x0a, 0x05, 0x08, 0x01, 0x12, 0x01, 0x00, 0xff]),
      message: "got binary data, such as protobuf",
    },
    {
      body: JSON.stringify({
        data: { type: "precomputed-assignments", attributes: { flags: {} } },
      }),
      message: "a precomputed configuration contains the results for one subject",
    },
    { body: "<html>", message: "expected JSON" },
  ])("refuses a payload with a sentence: $message", async ({ body, message }) => {
    reply = { kind: "answer", body };
    const it = start();
    const { error } = (await it.refresh()) as { readonly error?: Error };
    expect(`${error?.message} ${warnings.join()}`).toContain(message);
  });
});

describe("the options", () => {
  it.each<{ options: object; message: string }>([
    {
      options: { apiKey: `pub${"0f".repeat(16)}` },
      message: "apiKey: this is a client token for browsers; expected an API key",
    },
    { options: { apiKey: "" }, message: "apiKey: expected a key" },
    { options: { env: " " }, message: "env: expected the name of an environment" },
    {
      options: { site: "datadoghq.org" },
      message:
        "site: expected one of Datadog's sites: datadoghq.com, us3.datadoghq.com, us5.datadoghq.com, ap1.datadoghq.com, ap2.datadoghq.com, uk1.datadoghq.com, datadoghq.eu",
    },
    { options: { site: "ddog-gov.com" }, message: "site: ddog-gov.com has no feature flags" },
    { options: { environment: "x" }, message: "environment: unknown option" },
  ])("$options are refused", ({ message, options }) => {
    const all = { apiKey: "key", env: "test", ...options } as DatadogSourceOptions;
    expect(() => datadogSource(all)).toThrow(message);
  });

  it("separate what caches keep by environment and site", () => {
    const scopes = [{ env: "a" }, { env: "b" }, { env: "a", site: "datadoghq.eu" }].map(
      (options) => datadogOrigin({ apiKey: "key", ...options }).scope,
    );
    expect(new Set(scopes).size).toBe(3);
  });
});
