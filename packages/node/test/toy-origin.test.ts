import { webcrypto } from "node:crypto";
import { createClient } from "@sortition/core";
import { toy } from "@sortition/dialect-kit/toy-dialect";
import { type ToyAnswer, toyOrigin } from "@sortition/dialect-kit/toy-origin";
import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { pollingSource } from "../src/source/polling-source.js";
import { recordDiagnostics } from "./support/diagnostics.js";

const FLAGS = {
  flags: [
    {
      key: "beta",
      rules: [{ cohort: "testers", variation: "on" }],
      variations: { on: { boolean: true } },
    },
  ],
};

/** A server of encrypted flags, and of cohorts that can be unreachable. */
async function createServer() {
  const { subtle } = webcrypto;
  const raw = Buffer.alloc(16, 1);
  const key = await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const iv = new Uint8Array(12);
  const text = Buffer.from(JSON.stringify(FLAGS));
  const data = await subtle.encrypt({ name: "AES-GCM", iv }, key, text);
  const byPath = new Map<string, ToyAnswer>();
  const put = (path: string, bytes: Uint8Array): void => {
    byPath.set(`https://toy.example${path}`, { status: 200, etag: `"${path}"`, bytes });
  };
  put("/sdk/key/flags", Buffer.concat([iv, new Uint8Array(data)]));
  const dialect = toy({ key, subtle });
  const origin = toyOrigin({
    dialect,
    apiKey: "key",
    baseUrl: "https://toy.example",
    now: () => 0,
    get: async (url, { etag }) => {
      const answer = byPath.get(url);
      if (answer === undefined) throw new Error("refused");
      return answer.etag === etag ? { ...answer, status: 304, bytes: new Uint8Array() } : answer;
    },
  });
  return { dialect, origin, put };
}

describe("a client that polls a custom origin", () => {
  it("serves flags without an optional part, warns, and loads the part later", async () => {
    const { dialect, origin, put } = await createServer();
    const diagnostics = recordDiagnostics();
    const source = pollingSource(origin);
    const client = createClient({
      dialect,
      source,
      clock: createFakeClock(),
      diagnostics,
    });
    const isOn = (): boolean => client.getBooleanAssignment("beta", "alice", {}, false);

    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    expect(client.getFlagKeys()).toEqual(new Set(["beta"]));
    expect(isOn()).toBe(false);
    expect(diagnostics.messages("warn")).toEqual(["optional part not loaded"]);

    put("/cohorts", Buffer.from('{"testers":["alice"]}'));
    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    expect(isOn()).toBe(true);
    expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
    await client.close();
  });
});
