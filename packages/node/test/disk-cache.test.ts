import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, type ConfigurationSource, staticSource } from "@sortition/core";
import { sha256 } from "@sortition/core/internal";
import {
  createFakeClock,
  ifWhole,
  isWhole,
  patientClock,
  startChild,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import type { ClientOptions } from "../src/client/options.js";
import { encodeCopy } from "../src/disk/copy.js";
import { Configuration, httpOrigin } from "../src/index.js";
import { pollingSource } from "../src/source/polling-source.js";
import { type RecordedDiagnostics, recordDiagnostics } from "./support/diagnostics.js";
import { flagsBody } from "./support/flags.js";
import { createFolder, type Folder } from "./support/folder.js";
import { flagsAnswer, status } from "./support/servers.js";

const KEY = "secret-key-5f3a";
const HOUR_MS = 3_600_000;
/** Limit of reading a copy. */
const READ_MS = 250;

describe("diskCache", () => {
  let folder: Folder;
  let directory: string;
  let server: TestServer;
  let diagnostics: RecordedDiagnostics;
  const clients: Client[] = [];

  const create = (options: ClientOptions = {}): Client => {
    const client = createClient({
      ...(options.source === undefined ? { apiKey: KEY, baseUrl: server.url } : {}),
      diskCache: { directory },
      diagnostics,
      ...options,
      clock: { ...patientClock(READ_MS), ...options.clock },
    });
    clients.push(client);
    return client;
  };
  const answerOf = (client: Client): string =>
    client.getStringAssignment("flag-1", "alice", {}, "default");
  const path = (): string => {
    const { scope } = httpOrigin({ apiKey: KEY, baseUrl: server.url });
    return join(directory, `sortition-eppo-${scope.slice(0, 16)}.cache`);
  };
  const isWritten = (etag: string): boolean =>
    statSync(path(), { throwIfNoEntry: false })?.isFile() === true &&
    readFileSync(path()).includes(etag);
  const ignored = () =>
    diagnostics.reports.filter(({ message }) => message === "disk cache ignored");
  /** Leaves a copy behind, as an earlier process would. */
  const leaveCopy = async (value = "old"): Promise<void> => {
    server.respond(flagsAnswer(value, `"${value}"`));
    const client = create();
    await client.waitForInitialization();
    await expect.poll(() => existsSync(path())).toBe(true);
    await client.close();
    diagnostics = recordDiagnostics();
  };

  beforeEach(async () => {
    folder = createFolder();
    directory = folder.file("cache");
    server = await startTestServer();
    diagnostics = recordDiagnostics();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    await server.close();
    folder[Symbol.dispose]();
  });

  it("reports a source that throws on subscribe", async () => {
    const source: ConfigurationSource = {
      ...pollingSource(httpOrigin({ apiKey: KEY, baseUrl: server.url })),
      scope: "own",
      subscribe() {
        throw new Error("not connected");
      },
    };
    const client = create({ source });
    const causes: unknown[] = [];
    client.on("error", ({ error }) => causes.push(error.cause));
    await expect.poll(() => causes.length > 0).toBe(true);
    expect(causes).toEqual([new Error("not connected")]);
  });

  describe("lifecycle §7 fault 19: a valid copy", () => {
    beforeEach(() => leaveCopy());

    it("is served as stale while the server fails", async () => {
      server.respond(status(500));
      const client = create();
      expect(await client.waitForInitialization()).toMatchObject({
        ready: true,
        state: "stale",
        source: "disk",
      });
      expect(client.status).toMatchObject({ state: "stale", source: "disk", disk: "ok" });
      expect(client.status.lastError).toMatchObject({ httpStatus: 500 });
      expect(answerOf(client)).toBe("old");
    });

    it("makes the client ready when the server responds with 304", async () => {
      server.respond(({ headers }) =>
        headers["if-none-match"] === '"old"' ? status(304) : status(500),
      );
      const client = create();
      expect(await client.waitForInitialization()).toMatchObject({
        ready: true,
        state: "ready",
        source: "disk",
      });
      expect(client.status).toMatchObject({ state: "ready", source: "disk" });
      expect(answerOf(client)).toBe("old");
    });

    it("is replaced by the server's configuration, with an event", async () => {
      const changes: unknown[] = [];
      server.respond(flagsAnswer("new"));
      const client = create();
      client.on("configuration-changed", ({ source, flagsChanged }) =>
        changes.push({ source, changed: flagsChanged.changed }),
      );
      expect(await client.waitForInitialization()).toMatchObject({
        ready: true,
        state: "ready",
        source: "network",
      });
      expect(changes).toEqual([
        { source: "disk", changed: [] },
        { source: "network", changed: ["flag-1"] },
      ]);
      expect(answerOf(client)).toBe("new");
    });

    it("is served while the server hangs, and the wait continues until its deadline", async () => {
      server.respond({ kind: "hang" });
      const client = create({ initializationTimeoutMs: 1_000 });
      const waiting = client.waitForInitialization();
      await expect.poll(() => client.isInitialized()).toBe(true);
      expect(answerOf(client)).toBe("old");
      expect(await waiting).toMatchObject({ ready: true, source: "disk" });
    });

    ifWhole(it)("is enough without polling", async () => {
      const client = create({ pollIntervalMs: null });
      expect(await client.waitForInitialization()).toMatchObject({ ready: true, source: "disk" });
      server.respond(flagsAnswer("new"));
      expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    });
  });

  describe("lifecycle §7 fault 20: an unusable copy", () => {
    const rewrite = (change: (bytes: Buffer) => Buffer): void =>
      writeFileSync(path(), change(readFileSync(path())));

    it.each<{ what: string; spoil: () => void; level?: string }>([
      { what: "empty", spoil: () => truncateSync(path(), 0) },
      { what: "cut", spoil: () => truncateSync(path(), statSync(path()).size - 1) },
      { what: "cut in its header", spoil: () => truncateSync(path(), 40) },
      { what: "longer", spoil: () => writeFileSync(path(), "x", { flag: "a" }) },
      {
        what: "with a bit flipped",
        spoil: () =>
          rewrite((bytes) => {
            bytes[bytes.length - 10]! ^= 1; // the file is longer than that
            return bytes;
          }),
      },
      {
        what: "of another dialect",
        spoil: () => rewrite((bytes) => Buffer.from(bytes.toString().replace("eppo", "oppe"))),
      },
      {
        what: "of another version",
        spoil: () =>
          rewrite((bytes) => Buffer.from(bytes.toString().replace('sortition":1', 'sortition":2'))),
      },
      {
        what: "of parts that have no name",
        spoil: () => rewrite((bytes) => Buffer.from(bytes.toString().replace('"name"', '"nome"'))),
      },
      { what: "of mode 0666", spoil: () => chmodSync(path(), 0o666) },
      { what: "of mode 0620", spoil: () => chmodSync(path(), 0o620) },
      {
        what: "that is a pipe",
        spoil: () => {
          rmSync(path());
          execFileSync("mkfifo", ["-m", "600", path()]);
        },
      },
      { what: "gone with its folder", spoil: () => rmSync(directory, { recursive: true }) },
    ])("is ignored, reported once, and rewritten by the next success: $what", async ({ spoil }) => {
      await leaveCopy();
      spoil();
      server.respond(flagsAnswer("new", '"new"'));
      const client = create();
      expect(await client.waitForInitialization()).toMatchObject({
        ready: true,
        source: "network",
      });
      expect(server.requests.at(-1)?.headers).not.toHaveProperty("if-none-match");
      expect(ignored()).toHaveLength(1);
      await expect.poll(() => isWritten('\\"new\\"')).toBe(true);
      expect(statSync(path()).mode & 0o777).toBe(0o600);
      await client.close();

      server.respond(status(500));
      const next = create();
      expect(await next.waitForInitialization()).toMatchObject({ source: "disk" });
      expect(answerOf(next)).toBe("new");
      expect(ignored()).toHaveLength(1);
    });

    it.skipIf(process.getuid?.() !== 0)("is ignored if it belongs to another user", async () => {
      await leaveCopy();
      chownSync(path(), 12_345, 12_345);
      const client = create();
      await client.waitForInitialization();
      expect(ignored()).toMatchObject([{ facts: { reason: "it belongs to another user" } }]);
    });

    it.runIf(process.getuid?.() === 0 && isWhole)(
      "is ignored if another user owns it alone",
      async () => {
        await leaveCopy();
        chownSync(path(), 12_345, 12_345);
        const { stderr } = await startChild({
          cwd: fileURLToPath(new URL("..", import.meta.url)),
          script: `
          import { createClient } from "@sortition/node";
          const client = createClient(JSON.parse(process.env.OPTIONS));
          await client.waitForInitialization();
          await client.close();
        `,
          // Without the right of root to read all files.
          through: ["setpriv", "--bounding-set=-dac_override,-dac_read_search"],
          env: {
            OPTIONS: JSON.stringify({ apiKey: KEY, baseUrl: server.url, diskCache: { directory } }),
          },
        }).ended;
        expect(stderr).toContain("can this process read the files in diskCache.directory?");
      },
    );

    it("is ignored if it does not compile", async () => {
      await leaveCopy();
      const digest = async (bytes: Uint8Array) => sha256(bytes);
      const bytes = Buffer.from("<html>");
      const chunks = await encodeCopy(
        {
          dialect: "eppo",
          savedAtMs: 0,
          payloads: [{ part: "flags", bytes, etag: null, fetchedAtMs: 0, from: "network" }],
        },
        digest,
      );
      writeFileSync(path(), Buffer.concat(chunks));
      const client = create();
      expect(await client.waitForInitialization()).toMatchObject({ source: "network" });
      expect(ignored()).toMatchObject([
        { facts: { reason: expect.stringContaining("expected JSON") } },
      ]);
    });

    it.each([
      { laterMs: 0.9 * HOUR_MS, isServed: true },
      { laterMs: 1.1 * HOUR_MS, isServed: false },
    ])("is ignored if it is too old: after $laterMs ms it is served: $isServed", async (row) => {
      await leaveCopy();
      server.respond(status(500));
      const client = create({
        diskCache: { directory, maxAgeMs: HOUR_MS },
        clock: { now: () => Date.now() + row.laterMs },
        initializationTimeoutMs: 1_000,
      });
      expect((await client.waitForInitialization()).ready).toBe(row.isServed);
      const reasons = ignored().map(({ facts }) => facts?.["reason"]);
      expect(reasons).toEqual(row.isServed ? [] : ["it is too old"]);
    });

    it("is not ignored if the server has confirmed it since", async () => {
      await leaveCopy();
      server.respond(({ headers }) =>
        headers["if-none-match"] === '"old"' ? status(304) : status(500),
      );
      let laterMs = 0.4 * HOUR_MS;
      const bounded: ClientOptions = {
        diskCache: { directory, maxAgeMs: HOUR_MS },
        clock: { now: () => Date.now() + laterMs },
        initializationTimeoutMs: 1_000,
      };
      const client = create(bounded);
      await client.waitForInitialization();
      const written = statSync(path()).ino;
      laterMs = 0.9 * HOUR_MS;
      expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
      await expect.poll(() => statSync(path()).ino !== written).toBe(true);
      const renewed = statSync(path()).ino;
      await client.refresh();
      await client.close();
      expect(statSync(path()).ino).toBe(renewed);

      server.respond(status(500));
      laterMs = 1.8 * HOUR_MS;
      const next = create(bounded);
      expect(await next.waitForInitialization()).toMatchObject({ ready: true, source: "disk" });
      expect(next.status.ageMs).toBeGreaterThanOrEqual(0.9 * HOUR_MS);
    });

    it("is not ignored if it is from the future: its age is unknown, and a confirmation rewrites it", async () => {
      await leaveCopy();
      const options: ClientOptions = {
        diskCache: { directory, maxAgeMs: HOUR_MS },
        clock: { now: () => Date.now() - HOUR_MS },
        initializationTimeoutMs: 1_000,
      };
      server.respond(status(500));
      const client = create(options);
      await client.waitForInitialization();
      expect(client.status).toMatchObject({ state: "stale", source: "disk", ageMs: null });
      const written = statSync(path()).ino;
      server.respond(status(304));
      expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
      await expect.poll(() => statSync(path()).ino !== written).toBe(true);
      await client.close();

      server.respond(status(500));
      const next = create(options);
      await next.waitForInitialization();
      expect(next.status.ageMs).toBeLessThan(HOUR_MS);
    });

    it("is ignored if it cannot be read within 250 ms, and the server is requested", async () => {
      await leaveCopy();
      server.respond(flagsAnswer("new", '"new"'));
      // File operations need one of Node's threads, and here all of them wait for a pipe.
      const pipe = folder.file("pipe");
      execFileSync("mkfifo", [pipe]);
      const threads = Number(process.env["UV_THREADPOOL_SIZE"] ?? 4);
      const hanging = Array.from({ length: threads }, () => readFile(pipe));

      const asked = server.requests.length;
      const clock = createFakeClock();
      const client = create({ clock });
      try {
        await clock.advance(249);
        expect(ignored()).toEqual([]);
        await clock.advance(1);
        expect(ignored()).toMatchObject([
          { level: "warn", facts: { reason: "it could not be read within 250 ms" } },
        ]);
        await server.request(asked + 1);
      } finally {
        // Opens and closes a writer repeatedly until all threads have ended, because a thread may
        // open the pipe late.
        const writers = setInterval(() => closeSync(openSync(pipe, "r+")), 5);
        await Promise.all(hanging);
        clearInterval(writers);
      }
      expect(await client.waitForInitialization()).toMatchObject({
        ready: true,
        source: "network",
      });
      await expect.poll(() => isWritten('\\"new\\"')).toBe(true);
      expect(ignored()).toHaveLength(1);
    });
  });

  describe("never keeps a copy on disk that is older than what was served", () => {
    const notWritten = () =>
      diagnostics.reports.filter(({ message }) => message === "disk cache not written");
    /** Starts a client while the server is away, as after a restart. */
    const restart = async (): Promise<string> => {
      server.respond(status(500));
      const next = create();
      expect(await next.waitForInitialization()).toMatchObject({ ready: true, source: "disk" });
      return answerOf(next);
    };

    it("repeats a failed write when the server confirms the configuration, and reports the outage once", async () => {
      await leaveCopy("old");
      const moved = folder.file("moved");
      renameSync(directory, moved);
      writeFileSync(directory, "a file where the folder should be");
      server.respond(flagsAnswer("new", '"new"'));
      const client = create({ pollIntervalMs: null });
      expect(await client.refresh()).toMatchObject({ outcome: "updated" });
      await expect.poll(() => client.status.disk === "failing").toBe(true);
      server.respond(status(304));
      await client.refresh();
      await client.refresh();
      rmSync(directory);
      renameSync(moved, directory);
      expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
      await expect.poll(() => client.status.disk === "ok").toBe(true);
      expect(notWritten()).toHaveLength(1);
      await client.close();
      expect(await restart()).toBe("new");
    });

    it.each<{ what: string; remove: () => void }>([
      { what: "file", remove: () => rmSync(path()) },
      { what: "directory", remove: () => rmSync(directory, { recursive: true }) },
    ])("writes it again at the next confirmation if its $what was removed", async ({ remove }) => {
      server.respond(flagsAnswer("new", '"new"'));
      const client = create({ pollIntervalMs: null });
      await client.refresh();
      await expect.poll(() => existsSync(path())).toBe(true);
      remove();
      server.respond(status(304));
      expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
      await client.close();
      expect(await restart()).toBe("new");
    });

    ifWhole(it)("finishes the write when it is closed right after its start", async () => {
      await leaveCopy("old");
      server.respond(flagsAnswer("new", '"new"'));
      const job = create();
      await job.waitForInitialization();
      await job.close();
      expect(await restart()).toBe("new");
    });
  });

  // Node's recursive mkdir never ends there.
  it.skipIf(!existsSync("/proc/self"))(
    "reports a directory that can never be created, and closes",
    async () => {
      server.respond(flagsAnswer("a"));
      const client = create({ diskCache: { directory: "/proc/nope/cache" } });
      await client.waitForInitialization();
      await expect.poll(() => client.status.disk === "failing").toBe(true);
      expect(diagnostics.reports).toContainEqual(
        expect.objectContaining({
          level: "warn",
          message: "disk cache not written",
          facts: expect.objectContaining({ systemCode: "ENOENT" }),
        }),
      );
      await client.close();
    },
  );

  it("lifecycle §7 fault 21: keeps serving when it cannot write, reports that once, and leaves no file behind", async () => {
    writeFileSync(directory, "a file where the folder should be");
    server.respond(flagsAnswer("a"));
    const client = create({ pollIntervalMs: null });
    await client.refresh();
    await expect.poll(() => client.status.disk === "failing").toBe(true);
    expect(answerOf(client)).toBe("a");
    server.respond(flagsAnswer("b"));
    await client.refresh();
    expect(answerOf(client)).toBe("b");
    const notWritten = diagnostics.reports.filter(
      ({ message }) => message === "disk cache not written",
    );
    expect(notWritten).toMatchObject([
      { level: "warn", facts: { code: "SORTITION_DISK_CACHE", systemCode: "EEXIST" } },
    ]);
    expect(notWritten[0]?.facts?.["reason"]).toMatch(/is a file: set the path of a folder$/);
    rmSync(directory);
    server.respond(flagsAnswer("c"));
    await client.refresh();
    await expect.poll(() => client.status.disk === "ok").toBe(true);
    await expect.poll(() => readdirSync(directory).length === 1).toBe(true); // "b" may have been written a moment earlier
  });

  it("has no key in its file or file name, and is readable only by its owner", async () => {
    await leaveCopy();
    const [name, ...others] = readdirSync(directory);
    expect(others).toEqual([]);
    expect(name).toMatch(/^sortition-eppo-[0-9a-f]{16}\.cache$/);
    expect(readFileSync(path(), "utf8")).not.toContain(KEY);
    expect([statSync(directory).mode & 0o777, statSync(path()).mode & 0o777]).toEqual([
      0o700, 0o600,
    ]);
  });

  it("is written only for fetched configurations, not for given or unmodified ones", async () => {
    const initialConfiguration = Configuration.from({ flagsConfiguration: flagsBody("initial") });
    server.respond(status(500));
    const given = create({ initialConfiguration, pollIntervalMs: null });
    given.setConfiguration(Configuration.from({ flagsConfiguration: flagsBody("manual") }));
    await given.refresh();
    await given.close();
    expect(existsSync(path())).toBe(false);
    await leaveCopy();
    const { mtimeMs } = statSync(path());
    server.respond(status(304));
    const confirmed = create();
    await confirmed.waitForInitialization();
    await confirmed.close();
    expect(statSync(path()).mtimeMs).toBe(mtimeMs);
  });

  it("prefers the copy or the initial configuration, whichever was published later", async () => {
    await leaveCopy("disk");
    server.respond(status(500));
    const published = (at: string) =>
      Configuration.from({ flagsConfiguration: flagsBody("initial").replace("2026-01-01", at) });
    const older = create({ initialConfiguration: published("2025-12-31") });
    const newer = create({ initialConfiguration: published("2026-01-02") });
    await expect
      .poll(() => older.status.lastError !== null && newer.status.lastError !== null)
      .toBe(true);
    expect([answerOf(older), answerOf(newer)]).toEqual(["disk", "initial"]);
  });

  it("removes old temporary files of a killed process", async () => {
    await leaveCopy();
    const [old, young, foreign] = ["1.a.tmp", "2.b.tmp"]
      .map((it) => `${path()}.${it}`)
      .concat(join(directory, "other.3.c.tmp")) as [string, string, string];
    for (const file of [old, young, foreign]) writeFileSync(file, "half");
    for (const file of [old, foreign]) {
      const then = (Date.now() - 2 * HOUR_MS) / 1_000;
      utimesSync(file, then, then);
    }
    const client = create();
    await expect.poll(() => !existsSync(old)).toBe(true);
    await client.close();
    expect([existsSync(young), existsSync(foreign)]).toEqual([true, true]);
  });

  ifWhole(it)(
    "removes old temporary files even if others vanish before they can be inspected",
    async () => {
      await leaveCopy();
      const [first, old, last] = ["0.a.tmp", "1.b.tmp", "2.c.tmp"].map(
        (it) => `${path()}.${it}`,
      ) as [string, string, string];
      // These files are listed but not found, as if another process had removed them in between.
      for (const file of [first, last]) symlinkSync(join(directory, "missing"), file);
      writeFileSync(old, "half");
      const then = (Date.now() - 2 * HOUR_MS) / 1_000;
      utimesSync(old, then, then);
      const client = create();
      await expect.poll(() => !existsSync(old)).toBe(true);
      await client.close();
    },
  );

  ifWhole(it)("leaves no incomplete file when it is closed during a write", async () => {
    server.respond({ kind: "answer", body: flagsBody("big", 20_000) });
    const client = create();
    await client.waitForInitialization();
    const result = await client.close();
    expect(result.timedOut).toBe(false);
    const files = existsSync(directory) ? readdirSync(directory) : [];
    expect(files.filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("is also served to the clients of a shared source", async () => {
    const origin = httpOrigin({ apiKey: KEY, baseUrl: server.url });
    const source = pollingSource(origin);
    server.respond(flagsAnswer("a"));
    const client = create({ source });
    expect(await client.waitForInitialization()).toMatchObject({ source: "network" });
    await expect.poll(() => existsSync(path())).toBe(true);
    expect(client.status.disk).toBe("ok");
  });

  it.each([
    { agoMs: 1_000, isServed: true },
    { agoMs: HOUR_MS, isServed: false },
  ])(
    "is as old as the source's offer: confirmed $agoMs ms ago, it is served: $isServed",
    async ({ agoMs, isServed }) => {
      const bytes = Buffer.from(flagsBody("a"));
      const flags = { part: "flags", bytes, etag: null, fetchedAtMs: Date.now() };
      const source: ConfigurationSource = {
        ...pollingSource(httpOrigin({ apiKey: KEY, baseUrl: server.url })),
        subscribe(sink) {
          void sink.offer([{ ...flags, from: "redis" }], { ageMs: agoMs });
          return { end: async () => {} };
        },
      };
      const client = create({ source });
      await expect.poll(() => existsSync(path())).toBe(true);
      await client.close();
      server.respond(status(500));
      const next = create({
        diskCache: { directory, maxAgeMs: HOUR_MS / 2 },
        initializationTimeoutMs: 1_000,
      });
      expect((await next.waitForInitialization()).ready).toBe(isServed);
    },
  );

  it.each<{ options: object; option: string; because: string }>([
    { options: { diskCache: null }, option: "diskCache", because: "it is not an object" },
    {
      options: { diskCache: {} },
      option: "diskCache.directory",
      because: "the directory is missing",
    },
    {
      options: { diskCache: { directory: "cache" } },
      option: "diskCache.directory",
      because: "it is a relative path",
    },
    {
      options: { diskCache: { directory: "/x", maxAgeMs: 0 } },
      option: "diskCache.maxAgeMs",
      because: "no copy would be young enough",
    },
    {
      options: { diskCache: { directory: "/x", maxAge: 5 } },
      option: "diskCache.maxAge",
      because: "it has another name",
    },
    {
      options: {
        diskCache: { directory: "/x" },
        source: staticSource(Configuration.from({ flagsConfiguration: flagsBody("a") })),
      },
      option: "diskCache",
      because: "the source has no server",
    },
  ])("refuses $option, because $because", ({ options, option }) => {
    expect(() => create(options as ClientOptions)).toThrow(expect.objectContaining({ option }));
  });
});
