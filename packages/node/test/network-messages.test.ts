import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { eppo } from "@sortition/core/eppo";
import { selfSignedCertificate, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, type HttpOriginOptions } from "../src/index.js";
import { httpOrigin } from "../src/internal.js";

let server: TestServer;
let secure: Server;
const portOf = ({ url }: { url: string }): string => new URL(url).port;

beforeAll(async () => {
  server = await startTestServer(({ path }) => {
    if (path.startsWith("/html")) return { kind: "answer", body: "\n<!doctype html><p>Log in" };
    const [status = 404] = /\b40[13]\b/.exec(path) ?? [];
    return path.startsWith("/hang") ? { kind: "hang" } : { kind: "answer", status: Number(status) };
  });
  secure = createServer(selfSignedCertificate(), (_, response) => void response.end("{}"));
  await once(secure.listen(0, "127.0.0.1"), "listening");
});
afterAll(async () => {
  await server.close();
  secure.close();
});

interface Row {
  readonly what: string;
  readonly options: () => Omit<HttpOriginOptions, "apiKey" | "dialect">;
  readonly says: () => string;
}

const rows: readonly Row[] = [
  {
    what: "a host that does not exist",
    options: () => ({ baseUrl: "https://flags.invalid/api" }),
    says: () => "no configuration from https://flags.invalid (E…): is baseUrl right?",
  },
  {
    what: "https to a port that speaks http",
    options: () => ({ baseUrl: `https://localhost:${portOf(server)}/api` }),
    says: () => `https://localhost:${portOf(server)} does not speak TLS (E…): write http://`,
  },
  {
    what: "a certificate of an unknown authority",
    options: () => ({ baseUrl: `https://localhost:${(secure.address() as AddressInfo).port}` }),
    says: () =>
      `no configuration from https://localhost:${(secure.address() as AddressInfo).port} ` +
      "(DEPTH_ZERO_SELF_SIGNED_CERT): is its authority in NODE_EXTRA_CA_CERTS?",
  },
  {
    what: "a path too many",
    options: () => ({ baseUrl: `${server.url}/api/api` }),
    says: () => `${server.url} answered with status 404: baseUrl has an extra path or lacks one`,
  },
  {
    what: "a login page",
    options: () => ({ baseUrl: `${server.url}/html` }),
    says: () => `flags: $: expected JSON, received HTML from ${server.url}: is baseUrl right?`,
  },
  {
    what: "a server that does not answer",
    options: () => ({ baseUrl: `${server.url}/hang`, requestTimeoutMs: 200 }),
    says: () =>
      `request took longer than 200 ms; no configuration from ${server.url}: is baseUrl right?`,
  },
  ...["http://flags.invalid", "https://flags.invalid"].map((baseUrl) => ({
    what: `a proxy that is down, for ${baseUrl}`,
    options: () => ({ baseUrl, proxy: "http://user:secret@127.0.0.1:1" }),
    says: () =>
      "no configuration from the proxy http://127.0.0.1:1 (ECONNREFUSED): is proxy right?",
  })),
];

describe("the message of a failed request", () => {
  it.each(rows)("names the host and what to check: $what", async ({ options, says }) => {
    const origin = httpOrigin({ apiKey: "secret", dialect: eppo(), ...options() });
    const outcome = await origin.fetchOnce(null, { signal: new AbortController().signal });
    origin.release?.();
    if (outcome.kind !== "failed") throw new Error(outcome.kind);
    const { message } = outcome.failure.error;
    expect(message.replace(/\(E[A-Z_]+\)/, says().includes("(E…)") ? "(E…)" : "$&")).toBe(says());
    expect(message).not.toContain("secret");
  });

  it.each(["/api/401", "/api/403", "/api/api"])(
    "mentions quotes around a drop-in's key if the server refuses it: %s",
    async (path) => {
      const origin = httpOrigin({
        apiKey: '"secret"',
        dialect: eppo(),
        baseUrl: `${server.url}${path}`,
      });
      const outcome = await origin.fetchOnce(null, { signal: new AbortController().signal });
      origin.release?.();
      if (outcome.kind !== "failed") throw new Error(outcome.kind);
      const { message } = outcome.failure.error;
      expect(message).toMatch(/answered with status 40\d; the key is in quotes: remove them/);
      expect(message).not.toContain("secret");
    },
  );

  it("names the option that the caller used", async () => {
    const options = { apiKey: "k", dialect: eppo(), baseUrl: `${server.url}/api` };
    const origin = httpOrigin(options, "serverUrl");
    const outcome = await origin.fetchOnce(null, { signal: new AbortController().signal });
    expect(outcome).toMatchObject({
      failure: { error: { message: expect.stringContaining(": serverUrl has an extra path") } },
    });
    origin.release?.();
  });

  it("is the message of the client's status", async () => {
    const client = createClient({
      apiKey: "k",
      baseUrl: "http://127.0.0.1:1",
      assignmentLogger: null,
    });
    void client.refresh();
    await expect
      .poll(() => client.status.lastError?.message)
      .toBe("no configuration from http://127.0.0.1:1 (ECONNREFUSED): is baseUrl right?");
    await client.close();
  });
});
