import { readdirSync, readFileSync } from "node:fs";
import type { Client, Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import { Configuration } from "../src/index.js";
import { recordDiagnostics } from "./support/diagnostics.js";
import { flagsBody } from "./support/flags.js";
import { createFolder, type Folder } from "./support/folder.js";

/** Flips every bit, which hides all text in a body. */
const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => ~byte & 0xff);
const encrypted = (text: string): Buffer => Buffer.from(flip(Buffer.from(text)));

/** Wraps the native dialect to read encrypted bodies, and counts its calls. */
function encryptedDialect() {
  const calls: string[] = [];
  const native = eppo();
  const dialect: Dialect = {
    name: "encrypted",
    needsSubjectKey: true,
    openFeature: native.openFeature,
    endpoints: [{ ...native.endpoints[0]!, path: () => "/flags", query: () => [["v", null]] }],
    defaultBaseUrl: native.defaultBaseUrl,
    createTrace: native.createTrace,
    async prepare(payloads) {
      calls.push("prepare");
      return flip(payloads[0]!.bytes);
    },
    compile({ payloads, prepared }) {
      calls.push("compile");
      const inner = Configuration.from({ flagsConfiguration: prepared as Uint8Array });
      const own: Partial<Configuration> = { dialect, payloads };
      return new Proxy(inner, {
        get(target, name) {
          if (name in own) return own[name as keyof Configuration];
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
  return { dialect, calls };
}

describe("content that a dialect has to prepare", () => {
  let server: TestServer;
  let folder: Folder;
  let client: Client<object>;
  let calls: string[];
  const body = encrypted(flagsBody("secret-value"));

  beforeEach(async () => {
    server = await startTestServer();
    folder = createFolder();
    server.respond(({ headers }) =>
      headers["if-none-match"] === '"e"'
        ? { kind: "answer", status: 304 }
        : { kind: "answer", headers: { etag: '"e"' }, body },
    );
    const made = encryptedDialect();
    calls = made.calls;
    client = createClient({
      apiKey: "key",
      baseUrl: server.url,
      dialect: made.dialect,
      diskCache: { directory: folder.path },
      diagnostics: recordDiagnostics(),
    });
    await client.waitForInitialization();
    await client.refresh();
  });

  afterEach(async () => {
    await client.close();
    folder[Symbol.dispose]();
    await server.close();
  });

  it("is evaluated, while the payloads stay as received", () => {
    expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("secret-value");
    const [payload] = client.getConfiguration()!.payloads;
    expect(Buffer.from(payload!.bytes).equals(body)).toBe(true);
  });

  it("does not prevent the next request from being conditional", async () => {
    expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
    expect(server.requests.at(-1)?.headers["if-none-match"]).toBe('"e"');
    expect(calls).toEqual(["prepare", "compile"]);
  });

  it("is not prepared or compiled again if the bytes are equal", async () => {
    server.respond({ kind: "answer", body });
    expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
    expect(calls).toEqual(["prepare", "compile"]);
  });

  it("is not written to disk", async () => {
    const files = () => readdirSync(folder.path).filter((name) => name.endsWith(".cache"));
    await expect.poll(() => files().length > 0).toBe(true);
    const copy = readFileSync(folder.file(files()[0]!));
    expect(copy.includes(body)).toBe(true);
    expect(copy.includes("secret-value")).toBe(false);
  });

  it("can be requested with a parameter that has no value", () => {
    expect(server.requests[0]?.target).toBe("/flags?v");
  });
});
