import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sha256 } from "@sortition/core/internal";
import { seededRandom, startChild, startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { decodeCopy } from "../src/disk/copy.js";
import { flagsBody } from "./support/flags.js";
import { createFolder } from "./support/folder.js";
import { flagsAnswer } from "./support/servers.js";

const MIB = 1_024 * 1_024;
const cwd = fileURLToPath(new URL("..", import.meta.url));

describe("lifecycle §7 fault 37: 6,000 attempts, half of them time-outs", () => {
  const ATTEMPTS = 6_000;
  const SCRIPT = `
    import { getEventListeners } from "node:events";
    import { setFlagsFromString } from "node:v8";
    import { runInNewContext } from "node:vm";
    import { createClient, httpOrigin, pollingSource } from "@sortition/node";
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc");
    const controller = new AbortController();
    const signals = new Set([controller.signal]);
    const origin = httpOrigin({ apiKey: "key", baseUrl: process.env.BASE_URL, requestTimeoutMs: 5 });
    const source = pollingSource({
      ...origin,
      fetchOnce(current, options) {
        signals.add(options.signal);
        return origin.fetchOnce(current, options);
      },
    }, { pollIntervalMs: null });
    const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
    const client = createClient({ source, diagnostics, signal: controller.signal });
    const outcomes = {};
    const attempt = async (count) => {
      for (let i = 0; i < count; i++) {
        const { outcome, error } = await client.refresh({ timeoutMs: 20_000 });
        const key = error?.code ?? outcome;
        outcomes[key] = (outcomes[key] ?? 0) + 1;
      }
    };
    const measure = async () => {
      for (let i = 0; i < 3; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 50)); }
      const listeners = [...signals].map((signal) => getEventListeners(signal, "abort").length);
      return { heap: process.memoryUsage().heapUsed, listeners };
    };
    await attempt(1_000);
    const before = await measure();
    await attempt(${ATTEMPTS});
    const after = await measure();
    console.error("\\nresult " + JSON.stringify({ before, after, outcomes }));
    await client.close();
  `;

  it("do not grow the heap or the number of listeners", async () => {
    let count = 0;
    await using server = await startTestServer(() => {
      count += 1;
      return count % 2 === 0 ? { kind: "hang" } : flagsAnswer(`v${count % 7}`);
    });
    const env = { BASE_URL: server.url };
    const result = await startChild({ cwd, script: SCRIPT, env, timeoutMs: 1_500_000 }).ended;
    expect(result).toMatchObject({ exitCode: 0, stdout: "" });
    const { before, after, outcomes } = JSON.parse(
      /^result (.*)$/m.exec(result.stderr)?.[1] ?? "{}",
    );
    expect(outcomes["SORTITION_TIMEOUT"]).toBeGreaterThanOrEqual(ATTEMPTS / 2);
    expect(after.heap - before.heap).toBeLessThan(5 * MIB);
    expect(after.listeners).toEqual(before.listeners);
  });
});

describe("1,000 clients that are created, used and closed one after another", () => {
  const SCRIPT = `
    import { setFlagsFromString } from "node:v8";
    import { runInNewContext } from "node:vm";
    import { init } from "@sortition/node";
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc");
    const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
    let logged = 0;
    const cycle = async (count) => {
      for (let i = 0; i < count; i++) {
        const client = await init({
          apiKey: "key",
          baseUrl: process.env.BASE_URL,
          diagnostics,
          assignmentLogger: { logAssignment() { logged += 1; } },
        });
        client.getStringAssignment("flag-1", "alice", { country: "DK" }, "none");
        await client.refresh();
        await client.close();
      }
    };
    const measure = async () => {
      for (let i = 0; i < 5; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 50)); }
      return process.memoryUsage().heapUsed;
    };
    // V8 keeps feedback about code until it is optimized, so the heap grows for some 1,500 cycles.
    await cycle(1_500);
    const before = await measure();
    logged = 0;
    await cycle(1_000);
    console.log(JSON.stringify({ logged, grown: (await measure()) - before }));
  `;

  it("leave nothing on the heap", async () => {
    await using server = await startTestServer(() => flagsAnswer("a"));
    const env = { BASE_URL: server.url };
    const { exitCode, stdout } = await startChild({ cwd, script: SCRIPT, env, timeoutMs: 600_000 })
      .ended;
    expect(exitCode).toBe(0);
    const { grown, logged } = JSON.parse(stdout);
    expect(logged).toBe(1_000);
    expect(grown).toBeLessThan(MIB);
  });
});

describe("lifecycle §7 fault 21: 40 processes that are killed while they write their copy", () => {
  const SCRIPT = `
    import { createClient } from "@sortition/node";
    const client = createClient({
      apiKey: "key",
      baseUrl: process.env.BASE_URL,
      pollIntervalMs: null,
      diskCache: { directory: process.env.DIRECTORY },
    });
    await client.refresh();
    console.error("\\n@writing");
    for (;;) await client.refresh();
  `;

  it("leave the previous copy or the new one, complete", async () => {
    using folder = createFolder();
    let version = 0;
    await using server = await startTestServer(() => {
      version += 1;
      return { kind: "answer", body: flagsBody(`v${version}`, 300) };
    });
    const random = seededRandom(21);
    const copy = (): string | undefined =>
      readdirSync(folder.path).find((name) => name.endsWith(".cache"));
    const versions = new Set<string>();
    let leftovers = 0;
    for (let i = 0; i < 40; i++) {
      const env = { BASE_URL: server.url, DIRECTORY: folder.path };
      const child = startChild({ cwd, script: SCRIPT, env });
      await child.mark("writing");
      // Waits for requests, because on a busy machine few are made within a fixed time.
      await server.request(server.requests.length + Math.ceil(random() * 20));
      await sleep(random() * 20);
      child.kill("SIGKILL");
      expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
      const name = copy();
      if (name === undefined) continue; // killed before its first copy was complete
      const file = readFileSync(folder.file(name));
      const { payloads } = await decodeCopy(file, async (bytes) => sha256(bytes));
      const { flags } = JSON.parse(Buffer.from(payloads[0]?.bytes ?? []).toString());
      versions.add(Object.keys(flags["flag-1"].variations).join());
      leftovers = Math.max(leftovers, readdirSync(folder.path).length - 1);
    }
    // Some processes must be killed after a write and some during one. Otherwise the test proves
    // nothing.
    expect(versions.size).toBeGreaterThan(3);
    expect(leftovers).toBeGreaterThan(0);
  });
});
