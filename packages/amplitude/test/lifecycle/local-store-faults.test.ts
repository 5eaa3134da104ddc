import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import type { ConfigurationSource, SourceSink } from "@sortition/core/internal";
import { fileSource } from "@sortition/node";
import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type FlagConfigCache,
  InMemoryFlagConfigCache,
  LocalEvaluationClient,
  type LocalEvaluationConfig,
} from "../../src/index.js";
import { flagOf } from "../client/local/flags.js";
import { API_KEY, errorOf, keepingLogger } from "./faults.js";

const USER = { user_id: "alice" };
const FAILING: Reply = { kind: "answer", status: 500 };
const TWO_HOURS_MS = 7_200_000;

const bodyOf = (key: string): string => JSON.stringify([flagOf(key)]);
const goodReply = (key: string): Reply => ({ kind: "answer", body: bodyOf(key) });

let server: TestServer;
let log: ReturnType<typeof keepingLogger>;
const clients: LocalEvaluationClient[] = [];

function create(config: LocalEvaluationConfig, store?: FlagConfigCache): LocalEvaluationClient {
  const { loggerProvider } = log;
  const client = new LocalEvaluationClient(API_KEY, { loggerProvider, ...config }, store);
  clients.push(client);
  return client;
}

const keys = (client: LocalEvaluationClient): string => Object.keys(client.evaluateV2(USER)).join();
const errors = (): readonly string[] => log.lines.filter((line) => line.startsWith("error"));

/** A store in memory with some methods replaced. */
function storeWith(parts: Partial<FlagConfigCache>): InMemoryFlagConfigCache {
  return Object.assign(new InMemoryFlagConfigCache(), parts);
}

beforeEach(async () => {
  server = await startTestServer(FAILING);
  log = keepingLogger();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.stop();
  await server.close();
});

describe("the store of a local client", () => {
  const UNUSABLE: readonly {
    readonly name: string;
    readonly getAll: () => Promise<unknown>;
    readonly told?: string;
  }[] = [
    { name: "is empty", getAll: async () => ({}) },
    { name: "has nothing", getAll: async () => undefined },
    { name: "rejects", getAll: () => Promise.reject(new Error("cut")), told: "cut" },
    {
      name: "throws",
      getAll: () => {
        throw new Error("altered");
      },
      told: "altered",
    },
    { name: "hangs", getAll: () => new Promise(() => {}), told: "has not responded yet" },
  ];

  it.each(UNUSABLE)(
    "lifecycle §7 fault 20: cannot help a start if it $name, which is logged once, and is rewritten later",
    async ({ getAll, told }) => {
      const store = storeWith({ getAll: getAll as FlagConfigCache["getAll"] });
      const config = { flagConfigPollingIntervalMillis: 50, startTimeoutMillis: 1_000 };
      const client = create({ serverUrl: server.url, ...config }, store);
      expect(await errorOf(client.start())).toMatchObject({ httpStatus: 500 });
      const lines = errors().filter((line) => line.includes("flag config cache"));
      expect(lines).toHaveLength(told === undefined ? 0 : 1);
      expect(lines.join()).toContain(told ?? "");
      server.respond(goodReply("good"));
      await expect.poll(() => keys(client)).toBe("good");
      await expect.poll(() => Object.keys(store.getAllCached())).toEqual(["good"]);
    },
  );

  it("lifecycle §7 fault 20: loses only flags with an invalid form", async () => {
    const flags = { a: 5, b: null, c: [], good: flagOf("good"), d: { key: "d", segments: 7 } };
    const store = storeWith({ getAll: async () => flags as never });
    const client = create({ serverUrl: server.url }, store);
    await client.start();
    expect(keys(client)).toBe("good");
  });

  it("lifecycle §7 fault 20: changes nothing if it responds after the server", async () => {
    let answer = (_: Record<string, object>): void => {};
    const getAll = (): Promise<never> => new Promise((resolve) => (answer = resolve as never));
    const config = { flagConfigPollingIntervalMillis: 20, startTimeoutMillis: 2_000 };
    const client = create({ serverUrl: server.url, ...config }, storeWith({ getAll }));
    const starting = errorOf(client.start());
    await server.request(5);
    server.respond(goodReply("good"));
    await expect.poll(() => keys(client)).toBe("good");
    answer({ old: flagOf("old") });
    await starting;
    expect(keys(client)).toBe("good");
  });

  it("lifecycle §7 fault 21: can be full for a time, while flags are served, and is written when there is room", async () => {
    let isFull = true;
    const kept = new InMemoryFlagConfigCache();
    const putAll = async (flags: Record<string, never>): Promise<void> => {
      if (isFull) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
      await kept.putAll(flags);
    };
    server.respond(goodReply("good"));
    const config = { serverUrl: server.url, flagConfigPollingIntervalMillis: 20 };
    const client = create(config, storeWith({ putAll }));
    await client.start();
    await expect.poll(() => errors().join()).toContain("the flag config cache failed ENOSPC");
    expect(keys(client)).toBe("good");
    isFull = false;
    server.respond(goodReply("better"));
    await expect.poll(() => keys(client)).toBe("better");
    await expect.poll(() => Object.keys(kept.getAllCached())).toContain("better");
  });

  it("lifecycle §7 fault 39: can throw once while flags are written, which are served like all later ones", async () => {
    let calls = 0;
    const clear = (): Promise<void> => {
      if (calls++ === 0) throw new Error("not now");
      return Promise.resolve();
    };
    server.respond(goodReply("good"));
    const config = { serverUrl: server.url, flagConfigPollingIntervalMillis: 20 };
    const store = storeWith({ clear });
    const client = create(config, store);
    await client.start();
    expect(keys(client)).toBe("good");
    await expect.poll(() => errors().join()).toContain("not now");
    server.respond(goodReply("better"));
    await expect.poll(() => keys(client)).toBe("better");
    await expect.poll(() => Object.keys(store.getAllCached())).toContain("better");
    expect(errors()).toHaveLength(1);
  });
});

describe("a local client with a file as its source", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sortition-amplitude-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const follow = async (path: string): Promise<LocalEvaluationClient> => {
    const source = fileSource(path, { debounceMs: 10, checkIntervalMs: 200 });
    const client = create({ source });
    await client.start();
    return client;
  };
  const expectServed = (client: LocalEvaluationClient, key: string): Promise<void> =>
    expect.poll(() => keys(client)).toBe(key);

  it("lifecycle §7 fault 22: follows renames, a partial write, and deletion and re-creation", async () => {
    const path = join(folder, "flags.json");
    writeFileSync(path, bodyOf("first"));
    const client = await follow(path);
    expect(keys(client)).toBe("first");
    for (let i = 0; i < 10; i++) {
      writeFileSync(`${path}.tmp`, bodyOf(`renamed-${i}`));
      renameSync(`${path}.tmp`, path);
      await expectServed(client, `renamed-${i}`);
    }
    writeFileSync(path, bodyOf("torn").slice(0, 40));
    await new Promise((resolve) => void setTimeout(resolve, 100));
    expect(keys(client)).toBe("renamed-9");
    writeFileSync(path, bodyOf("whole"));
    await expectServed(client, "whole");
    rmSync(path);
    await new Promise((resolve) => void setTimeout(resolve, 100));
    expect(keys(client)).toBe("whole");
    writeFileSync(path, bodyOf("made-again"));
    await expectServed(client, "made-again");
  });

  it("lifecycle §7 fault 22: follows the swaps of a ConfigMap", async () => {
    const publish = (version: string): void => {
      mkdirSync(join(folder, `..${version}`));
      writeFileSync(join(folder, `..${version}`, "flags.json"), bodyOf(version));
      symlinkSync(`..${version}`, join(folder, "..data_tmp"));
      renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
    };
    publish("v0");
    const path = join(folder, "flags.json");
    symlinkSync(join("..data", "flags.json"), path);
    const client = await follow(path);
    for (const version of ["v1", "v2", "v3"]) {
      publish(version);
      await expectServed(client, version);
    }
  });
});

it("lifecycle §7 fault 40: two-hour-old content of a source is served, and its age is reported", async () => {
  let sink: SourceSink | undefined;
  const source: ConfigurationSource = {
    kind: "own",
    intervalMs: 1_000,
    dialect: null,
    subscribe(it) {
      sink = it;
      return { end: async () => {} };
    },
    refresh: async () => ({ outcome: "unchanged" }),
  };
  const client = create({ source });
  const starting = client.start();
  const bytes = new TextEncoder().encode(bodyOf("good"));
  const payload = { part: "flags", bytes, etag: null, fetchedAtMs: 0, from: "network" } as const;
  await sink?.offer([payload], { ageMs: TWO_HOURS_MS });
  await starting;
  expect(keys(client)).toBe("good");
  const ageMs = (): number => Number(/ageMs: (\d+)/.exec(inspect(client))?.[1]);
  expect(ageMs()).toBeGreaterThanOrEqual(TWO_HOURS_MS);
  sink?.confirmed({ ageMs: 0 });
  expect(ageMs()).toBeLessThan(TWO_HOURS_MS);
});
