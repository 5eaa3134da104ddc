import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClock } from "@sortition/core/internal";
import { createClient } from "@sortition/node";
import { patientClock } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GrowthbookDialect, growthbook } from "../src/dialect.js";
import { DECRYPTION_KEY, encrypted } from "./encryption.js";

const FEATURES = {
  layout: {
    defaultValue: "secret-default",
    rules: [{ condition: { id: { $inGroup: "vip" } }, force: "secret-vip" }],
  },
};
const GROUPS = { vip: ["secret-alice"] };

interface Body {
  readonly text: string;
  readonly etag: string | null;
}

let server: Server;
let body: Body;
let statuses: number[];
let directory: string;

beforeEach(async () => {
  statuses = [];
  directory = await mkdtemp(join(tmpdir(), "sortition-growthbook-"));
  server = createServer((request, response) => {
    const isKnown = body.etag !== null && request.headers["if-none-match"] === body.etag;
    statuses.push(isKnown ? 304 : 200);
    const headers = body.etag === null ? {} : { ETag: body.etag };
    response.writeHead(isKnown ? 304 : 200, headers).end(isKnown ? undefined : body.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
});

async function payloadOf(features: object, key?: string): Promise<string> {
  return JSON.stringify({
    encryptedFeatures: await encrypted(features, key),
    encryptedSavedGroups: await encrypted(GROUPS, key),
  });
}

/** Creates a client, and counts how often its dialect decrypts and compiles. */
function connect(decryptionKey: string = DECRYPTION_KEY) {
  const counts = { prepared: 0, compiled: 0 };
  const messages: string[] = [];
  const inner = growthbook({ decryptionKey });
  const dialect: GrowthbookDialect = {
    ...inner,
    async prepare(payloads) {
      counts.prepared += 1;
      return (await inner.prepare?.(payloads)) ?? {};
    },
    compile(input) {
      counts.compiled += 1;
      return inner.compile(input);
    },
    compileInSteps(input) {
      counts.compiled += 1;
      return inner.compileInSteps?.(input) as ReturnType<NonNullable<typeof inner.compileInSteps>>;
    },
  };
  const note = (message: string, facts?: object): void => {
    messages.push(`${message} ${JSON.stringify(facts)}`);
  };
  const client = createClient({
    dialect,
    apiKey: "sdk-key",
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pollIntervalMs: 600_000,
    diskCache: { directory },
    // Reading a copy may take long on a busy machine.
    clock: createClock(patientClock(250)),
    diagnostics: { debug: note, info: note, warn: note, error: note },
  });
  return { client, counts, messages };
}

/** Requests the payload again. A call during another check only joins it, so this loops. */
async function look(client: ReturnType<typeof connect>["client"]): Promise<void> {
  const before = statuses.length;
  while (statuses.length === before) await client.refresh({ timeoutMs: 20_000 });
}

async function filesOf(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith(".tmp"));
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name), "latin1")));
  return contents.join("\n");
}

describe("an encrypted payload", () => {
  it("is neither decrypted nor compiled again after a 304 or for equal bytes", async () => {
    body = { text: await payloadOf(FEATURES), etag: '"1"' };
    const { client, counts } = connect();
    await client.waitForInitialization({ timeoutMs: 20_000 });
    expect(client.getStringAssignment("layout", "secret-alice", {}, "")).toBe("secret-vip");
    await look(client);
    body = { ...body, etag: null };
    await look(client);
    expect(statuses).toEqual([200, 304, 200]);
    expect(counts).toEqual({ prepared: 1, compiled: 1 });
    // The same content has other bytes when it is encrypted again, so it is another payload.
    body = { text: await payloadOf(FEATURES), etag: null };
    await look(client);
    expect(counts).toEqual({ prepared: 2, compiled: 2 });
    await client.close({ timeoutMs: 1_000 });
  });

  it("is stored on disk as received, and serves the next process", async () => {
    body = { text: await payloadOf(FEATURES), etag: '"1"' };
    const first = connect();
    await first.client.waitForInitialization({ timeoutMs: 20_000 });
    await expect.poll(() => filesOf(directory)).toContain("encryptedFeatures");
    await first.client.close({ timeoutMs: 1_000 });
    const onDisk = await filesOf(directory);
    expect(onDisk).not.toContain("secret-");
    expect(onDisk).not.toContain(DECRYPTION_KEY);
    server.removeAllListeners("request"); // the server no longer responds
    const second = connect();
    await expect
      .poll(() => second.client.getStringAssignment("layout", "bob", {}, ""))
      .toBe("secret-default");
    await second.client.close({ timeoutMs: 100 });
  });

  it("has no effect with a wrong key, and is reported without the key", async () => {
    body = { text: await payloadOf(FEATURES), etag: null };
    const { client, messages } = connect();
    await client.waitForInitialization({ timeoutMs: 20_000 });
    const revision = client.status.revision;
    const changed = { layout: { defaultValue: "changed" } };
    body = { text: await payloadOf(changed, "AAAAAAAAAAAAAAAAAAAAAA=="), etag: null };
    messages.length = 0;
    await look(client);
    await look(client);
    expect(client.getStringAssignment("layout", "bob", {}, "")).toBe("secret-default");
    expect(client.status.revision).toBe(revision);
    expect(client.status.lastError?.message).toContain("cannot be decrypted");
    const told = messages.filter((it) => it.includes("cannot be decrypted"));
    expect(told).toHaveLength(1);
    for (const message of messages) {
      expect(message).not.toContain(DECRYPTION_KEY);
      expect(message).not.toContain("secret-");
    }
    await client.close({ timeoutMs: 1_000 });
  });

  it("fails only in the affected part, and plain parts stay in use", async () => {
    const text = JSON.stringify({
      encryptedFeatures: await encrypted(FEATURES),
      encryptedSavedGroups: `${await encrypted(GROUPS)}x`,
      savedGroups: { vip: ["bob"] },
    });
    body = { text, etag: null };
    const { client } = connect();
    await client.waitForInitialization({ timeoutMs: 20_000 });
    expect(client.getStringAssignment("layout", "bob", {}, "")).toBe("secret-vip");
    expect(client.getConfiguration()?.issues).toMatchObject([
      { code: "undecryptable", path: "$.encryptedSavedGroups", flagKey: null },
    ]);
    await client.close({ timeoutMs: 1_000 });
  });
});
