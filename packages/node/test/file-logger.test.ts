import { execFileSync } from "node:child_process";
import fs, {
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { AssignmentEvent, BanditEvent, Diagnostics, FileError } from "@sortition/core";
import { ifWhole, isInPart, isWhole, startChild } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createClient } from "../src/client/create-client.js";
import { csvLogger } from "../src/file-logger/csv-logger.js";
import { ndjsonLogger } from "../src/file-logger/ndjson-logger.js";
import { Configuration } from "../src/index.js";
import { flagsBody } from "./support/flags.js";

/** From here, `@sortition/node` resolves to the build of this package. */
const cwd = fileURLToPath(new URL("..", import.meta.url));
const initialConfiguration = Configuration.from({ flagsConfiguration: flagsBody("on") });
const loggers = { csv: csvLogger, ndjson: ndjsonLogger };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sortition-file-logger-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function eventOf(subject: string, subjectAttributes: object = {}): AssignmentEvent {
  // Only the fields that the loggers read.
  return {
    timestamp: "2026-01-02T03:04:05.678Z",
    experiment: "f-a",
    featureFlag: "f",
    allocation: "a",
    variation: null,
    subject,
    subjectAttributes,
    messageId: "id",
  } as AssignmentEvent;
}

function linesOf(file: string): readonly string[] {
  return readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
}

describe("two loggers that write the same file", () => {
  function warnings(): { readonly lines: string[]; readonly diagnostics: Diagnostics } {
    const lines: string[] = [];
    const warn = (message: string): void => void lines.push(message);
    return { lines, diagnostics: { debug() {}, info() {}, error() {}, warn } };
  }

  it.each([
    { first: "x", second: () => "x" },
    { first: "x", second: () => relative(process.cwd(), join(folder, "x")) },
  ])("are reported with advice: $first", async ({ first, second }) => {
    const { diagnostics, lines } = warnings();
    const one = loggers.ndjson(join(folder, first), { diagnostics });
    expect(lines).toEqual([]);
    const path = second();
    const two = loggers.csv(path === "x" ? join(folder, path) : path, { diagnostics });
    expect(lines).toEqual([expect.stringMatching(/give each its own path/)]);
    await Promise.all([one.close(), two.close()]);
  });

  ifWhole(it)("are reported if one is an ES module and the other a CommonJS module", async () => {
    const { stderr } = await startChild({
      cwd,
      script: `
        import { createRequire } from "node:module";
        import { csvLogger } from "@sortition/node";
        createRequire(import.meta.url)("@sortition/node").csvLogger(process.env.FILE);
        csvLogger(process.env.FILE);
      `,
      env: { FILE: join(folder, "x") },
    }).ended;
    expect(stderr).toContain("give each its own path");
  });

  it("are not reported if the first is closed or has another path", async () => {
    const { diagnostics, lines } = warnings();
    const one = loggers.ndjson(join(folder, "x"), { diagnostics });
    await one.close();
    await one.close();
    const two = loggers.ndjson(join(folder, "x"), { diagnostics });
    const three = loggers.ndjson(join(folder, "y"), { diagnostics });
    await Promise.all([two.close(), three.close()]);
    expect(lines).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("the permissions of a log file", () => {
  const modeOf = (file: string): string => (statSync(join(folder, file)).mode & 0o777).toString(8);

  it.each([
    { options: {}, mode: "600" },
    { options: { fileMode: 0o640 }, mode: "640" },
  ])("are $mode with $options", async ({ mode, options }) => {
    for (const [name, create] of Object.entries(loggers)) {
      const logger = create(join(folder, `x.${name}`), options);
      logger.logAssignment(eventOf("a"));
      await logger.close();
    }
    expect(readdirSync(folder).map(modeOf)).toEqual([mode, mode]);
  });

  it("stay unchanged if it already exists", async () => {
    writeFileSync(join(folder, "x.csv"), "", { mode: 0o644 });
    const logger = csvLogger(join(folder, "x.csv"));
    logger.logAssignment(eventOf("a"));
    await logger.close();
    expect(modeOf("x.csv")).toBe("644");
  });

  it("is octal", () => {
    for (const fileMode of [Number("640"), "640", "0640", "0o640"] as number[]) {
      expect(() => csvLogger(join(folder, "x.csv"), { fileMode })).toThrow("write 0o640");
    }
  });

  it.each([0o1000, -1, 0.5, "640"])("cannot be %s", (fileMode) => {
    expect(() => csvLogger(join(folder, "x.csv"), { fileMode: fileMode as number })).toThrow(
      /fileMode/,
    );
  });
});

describe("csvLogger", () => {
  it("writes assignments below a header, quoted where needed", async () => {
    const logger = csvLogger(join(folder, "deep", "x.csv"));
    logger.logAssignment(eventOf('a "b", c\nd', { plan: "pro" }));
    await logger.close();
    expect(readFileSync(join(folder, "deep", "x.csv"), "utf8")).toBe(
      "timestamp,experiment,featureFlag,allocation,variation,subject,subjectAttributes,messageId\n" +
        '2026-01-02T03:04:05.678Z,f-a,f,a,,"a ""b"", c\nd","{""plan"":""pro""}",id\n',
    );
    expect(readdirSync(join(folder, "deep"))).toEqual(["x.csv"]);
  });

  it("writes bandit actions to a second file next to it", async () => {
    const logger = csvLogger(join(folder, "x.csv"));
    logger.logBanditAction({ banditKey: "shoes", action: "nike" } as BanditEvent);
    await logger.flush();
    expect(linesOf("x.bandits.csv")).toEqual([
      expect.stringMatching(/^timestamp,flagKey,banditKey,/),
      ",,shoes,,nike,,,,,,,,",
    ]);
    await logger.close();
  });

  it("appends to an existing file", async () => {
    for (const subject of ["a", "b"]) {
      const logger = csvLogger(join(folder, "x.csv"));
      logger.logAssignment(eventOf(subject));
      await logger.close();
    }
    expect(linesOf("x.csv").map((line) => line.split(",")[5])).toEqual(["subject", "a", "b"]);
  });
});

describe("ndjsonLogger", () => {
  it("writes complete events of both kinds in order", async () => {
    const logger = ndjsonLogger(join(folder, "x.ndjson"));
    const choice = { banditKey: "shoes", action: "nike" } as BanditEvent;
    logger.logAssignment(eventOf("a"));
    logger.logBanditAction(choice);
    await logger.close();
    expect(linesOf("x.ndjson").map((line) => JSON.parse(line))).toEqual([
      { type: "assignment", ...eventOf("a") },
      { type: "bandit", ...choice },
    ]);
  });

  it("writes a bigint as a string", async () => {
    const logger = ndjsonLogger(join(folder, "x.ndjson"));
    logger.logAssignment(eventOf("a", { big: 5n }));
    await logger.close();
    expect(linesOf("x.ndjson")[0]).toContain('"big":"5"');
  });
});

describe.each(["csv", "ndjson"] as const)("a file logger (%s)", (format) => {
  const create = loggers[format];
  /** The column of this format in tables of processes. */
  const column = format === "csv" ? 0 : 1;

  it("omits attributes that cannot be serialized, and writes the others", async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    const refusing = {
      toJSON() {
        throw new Error("no");
      },
    };
    const attributes = { plan: "pro", cyclic, refusing, list: [1, "a"], none: undefined };
    const logger = create(join(folder, "x"));
    logger.logAssignment(eventOf("a", attributes));
    logger.logAssignment(eventOf("b"));
    await logger.close();
    expect(logger.stats()).toMatchObject({ accepted: 2, delivered: 2 });
    const line = linesOf("x").at(-2)?.replaceAll('""', '"');
    expect(line).toContain('{"plan":"pro","list":[1,"a"]}');
  });

  it("writes the event without attributes if they cannot be read", async () => {
    const unreadable = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error("no");
        },
      },
    );
    const logger = create(join(folder, "x"));
    logger.logAssignment(eventOf("a", unreadable));
    await logger.close();
    expect(logger.stats()).toMatchObject({ accepted: 1, delivered: 1 });
    expect(linesOf("x").at(-1)).toContain("id");
  });

  it("is closed by its client after everything was written", async () => {
    const client = createClient({
      initialConfiguration,
      assignmentLogger: create(join(folder, "x")),
    });
    for (let i = 0; i < 1_000; i++) client.getStringAssignment("flag-1", `${i}`, {}, "");
    const { loggers: results } = await client.close();
    expect(results).toMatchObject([
      { name: format, ok: true, downstream: { ok: true, delivered: 1_000, pending: 0 } },
    ]);
    expect(linesOf("x")).toHaveLength(format === "csv" ? 1_001 : 1_000);
    expect(client.status.counters.exposures.loggers[format]?.downstream).toEqual({
      accepted: 1_000,
      delivered: 1_000,
      failed: 0,
      dropped: 0,
      buffered: 0,
      failing: false,
    });
  });

  it("drops lines when its buffer is full and after it was closed", async () => {
    const logger = create(join(folder, "x"), { maxBufferedBytes: 1_000 });
    for (let i = 0; i < 100; i++) logger.logAssignment(eventOf(`${i}`));
    await logger.close();
    logger.logAssignment(eventOf("late"));
    const { accepted, delivered, dropped, failed, buffered } = logger.stats();
    expect([accepted, failed, buffered]).toEqual([101, 0, 0]);
    expect(delivered + dropped).toBe(101);
    expect(delivered).toBeGreaterThan(2);
    expect(delivered).toBeLessThan(30);
  });

  it.skipIf(process.platform === "win32").each([
    {
      what: "another program has moved it",
      act: () => renameSync(join(folder, "a", "x"), join(folder, "moved")),
    },
    { what: "it was removed", act: () => rmSync(join(folder, "a", "x")) },
    {
      what: "it was removed with its folder",
      act: () => rmSync(join(folder, "a"), { recursive: true }),
    },
    {
      what: "another one has taken its place",
      act: () => {
        renameSync(join(folder, "a", "x"), join(folder, "moved"));
        writeFileSync(join(folder, "a", "x"), "");
      },
    },
    { what: "another program has truncated it", act: () => truncateSync(join(folder, "a", "x")) },
  ])("starts a new file when $what", async ({ act }) => {
    const logger = create(join(folder, "a", "x"));
    logger.logAssignment(eventOf("before"));
    await logger.flush();
    act();
    for (let i = 0; i < 3; i++) {
      logger.logAssignment(eventOf(`after-${i}`));
      await logger.flush();
    }
    await logger.close();
    const lines = linesOf("a/x");
    expect(lines).toHaveLength(format === "csv" ? 4 : 3);
    if (format === "csv") expect(lines[0]).toMatch(/^timestamp,/);
    for (let i = 0; i < 3; i++) expect(lines.at(i - 3)).toContain(`after-${i}`);
    expect(logger.stats()).toMatchObject({ delivered: 4, failed: 0 });
  });

  it("logs to a file that has an unfinished last line, wherever it ends", async () => {
    const path = join(folder, "x");
    const log = async (subject: string): Promise<void> => {
      const logger = create(path);
      logger.logAssignment(eventOf(subject, { text: 'a "b"' }));
      await logger.close();
    };
    await log("before");
    const whole = readFileSync(path);
    const lineBytes = linesOf("x").at(-1)?.length ?? 0;
    for (let missing = 0; missing <= lineBytes; missing++) {
      if (!isInPart(missing)) continue;
      writeFileSync(path, whole.subarray(0, whole.length - missing));
      await log("after");
      const content = readFileSync(path, "utf8");
      const next = `${linesOf("x").at(-1)}\n`;
      expect(next).toContain("after");
      // An even number of quotes before the next line: none of them is open.
      const isOpen = content.slice(0, -next.length).split('"').length % 2 === 0;
      if (format === "csv") expect([missing, isOpen]).toEqual([missing, false]);
    }
  });

  it("loggers §5 fault 29: reports a path that cannot be written, and its recovery, once each", async () => {
    const reports: unknown[] = [];
    const note =
      (level: string) =>
      (message: string, facts?: object): void =>
        void reports.push([level, message, facts]);
    const diagnostics = {
      ...{ debug: note("debug"), info: note("info") },
      ...{ warn: note("warn"), error: note("error") },
    };
    writeFileSync(join(folder, "file"), "");
    const codes: string[] = [];
    const onError = (error: FileError): never => {
      codes.push(error.code);
      throw new Error("no");
    };
    const logger = create(join(folder, "file", "x"), { diagnostics, name: "mine", onError });
    for (let i = 0; i < 3; i++) {
      logger.logAssignment(eventOf(`${i}`));
      expect(await logger.flush()).toMatchObject({ ok: false, failed: 1, pending: 0 });
      expect(logger.stats()).toMatchObject({ failed: i + 1, failing: true });
    }
    rmSync(join(folder, "file"));
    logger.logAssignment(eventOf("b"));
    expect(await logger.close()).toMatchObject({ ok: true, delivered: 1 });
    expect(logger.stats()).toMatchObject({ failed: 3, delivered: 1, failing: false });
    const systemCode = expect.stringMatching(/^(ENOTDIR|EEXIST)$/);
    const code = "SORTITION_FILE";
    expect(codes).toEqual([code, code, code]);
    const reason = expect.stringMatching(
      /^events could not be written to .*file[\\/]x \((ENOTDIR\): is the path right\?|EEXIST\))$/,
    );
    expect(reports).toEqual([
      ["warn", "delivery fails", { logger: "mine", failed: 1, code, systemCode, reason }],
      ["warn", "delivery works again", { logger: "mine", failed: 3, outageMs: expect.any(Number) }],
    ]);
  });

  it.runIf(existsSync("/proc/self") && isInPart(1, column))(
    "loggers §5 fault 29: names a path below which no folder can be created, and closes",
    async () => {
      const messages: string[] = [];
      const logger = create("/proc/no-such-folder/x", {
        diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
        onError: ({ message }) => messages.push(message),
      });
      logger.logAssignment(eventOf("a"));
      expect(await logger.close()).toMatchObject({ ok: false, failed: 1, pending: 0 });
      expect(messages).toEqual([
        "events could not be written to /proc/no-such-folder/x (ENOENT): is the path right?",
      ]);
    },
  );

  it.runIf(process.platform !== "win32" && isInPart(0, column))(
    "loggers §5 fault 29: does not wait for a pipe without a reader, and writes to one that has a reader",
    async () => {
      const path = join(folder, "pipe");
      execFileSync("mkfifo", [path]);
      const logger = create(path, {
        diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
      });
      logger.logAssignment(eventOf("a"));
      expect(await logger.flush()).toMatchObject({ ok: false, failed: 1, pending: 0 });
      const reader = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      logger.logAssignment(eventOf("b"));
      expect(await logger.close()).toMatchObject({ ok: true, delivered: 1 });
      expect(await reader.readFile("utf8")).toContain("b");
      await reader.close();
    },
  );

  it("loggers §5 fault 29: gives up lines while a file system does not respond, and retries when it does", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const answers: (() => void)[] = [];
    const stat = vi
      .spyOn(fs, "stat")
      .mockImplementation(((_: string, done: () => void) => answers.push(done)) as never);
    const messages: string[] = [];
    const path = join(folder, "x");
    const logger = create(path, {
      diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
      onError: ({ message }) => messages.push(message),
    });
    try {
      logger.logAssignment(eventOf("a"));
      const flushed = logger.flush();
      await vi.waitUntil(() => answers.length === 1);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(await flushed).toMatchObject({ ok: false, failed: 1, pending: 0 });
      logger.logAssignment(eventOf("b"));
      expect(await logger.flush()).toMatchObject({ ok: false, failed: 1, pending: 0 });
      expect(answers).toHaveLength(1);
      expect(new Set(messages)).toEqual(
        new Set([`events could not be written to ${path} (no response in time)`]),
      );
    } finally {
      stat.mockRestore();
      vi.useRealTimers();
    }
    for (const answer of answers) answer();
    logger.logAssignment(eventOf("c"));
    expect(await logger.close()).toMatchObject({ ok: true, delivered: 1 });
    expect(readFileSync(path, "utf8")).toMatch(/(,|"subject":")c[,"]/);
  });

  it.runIf(existsSync("/dev/full") && isInPart(1, column))(
    "loggers §5 fault 29: counts lines that a full disk rejects as failed, and reports it once on stderr",
    async () => {
      const { exitCode, stderr, stdout } = await startChild({
        cwd,
        script: `
          import { Configuration, createClient, ${format}Logger } from "@sortition/node";
          const client = createClient({
            initialConfiguration: Configuration.from({ flagsConfiguration: process.env.FLAGS }),
            assignmentLogger: ${format}Logger("/dev/full"),
          });
          for (let i = 0; i < 100; i++) {
            client.getStringAssignment("flag-1", String(i), {}, "");
            if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 1));
          }
          const { totals, loggers: [{ ok }] } = await client.close();
          const { downstream } = client.status.counters.exposures.loggers.${format};
          console.log(JSON.stringify({ totals, ok, downstream }));
        `,
        env: { FLAGS: flagsBody("on") },
      }).ended;
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toEqual({
        totals: { accepted: 100, delivered: 0, failed: 100, dropped: 0, pending: 0 },
        ok: false,
        downstream: {
          ...{ accepted: 100, delivered: 0, failed: 100, dropped: 0, buffered: 0 },
          failing: true,
        },
      });
      expect(stderr.match(/^sortition: .*$/gm)).toEqual([
        "sortition: delivery fails: events could not be written to /dev/full (ENOSPC) {",
      ]);
      expect(stderr).toContain("systemCode: 'ENOSPC'");
    },
  );

  it.each(
    [
      { end: "", exitCode: 0, because: "on its own" },
      { end: `throw new Error("uncaught");`, exitCode: 1, because: "because of an exception" },
      { end: `Promise.reject(new Error("no"));`, exitCode: 1, because: "because of a rejection" },
    ].filter((_, i) => isInPart(i, column)),
  )("writes its lines when the process ends $because", async ({ end, exitCode }) => {
    const result = await startChild({
      cwd,
      script: `
        import { ${format}Logger } from "@sortition/node";
        const logger = ${format}Logger(process.env.FILE);
        for (let i = 0; i < 1_000; i++) logger.logAssignment({ subject: "user-" + i });
        ${end}
      `,
      env: { FILE: join(folder, "x") },
    }).ended;
    expect([result.exitCode, result.stderr === ""]).toEqual([exitCode, exitCode === 0]);
    const subjects = readFileSync(join(folder, "x"), "utf8").match(/user-\d+/g);
    expect(subjects).toEqual(Array.from({ length: 1_000 }, (_, i) => `user-${i}`));
  });

  // A part has long lines, so that a write has begun at the exit.
  const runs = isWhole ? Array.from({ length: 100 }, (_, i) => i) : [4 + 5 * column];
  it(`loses and doubles no line in ${runs.length} exits during a write`, async () => {
    for (const run of runs) {
      await startChild({
        cwd,
        script: `
          import { ${format}Logger } from "@sortition/node";
          const logger = ${format}Logger(process.env.FILE);
          const text = "x".repeat(${10 ** (run % 5)});
          for (let i = 0; i < 300; i++) logger.logAssignment({ subject: "user-${run}-" + i, subjectAttributes: { text } });
          for (let turn = 0; turn < ${run % 7}; turn++) await new Promise(setImmediate);
          process.exit();
        `,
        env: { FILE: join(folder, "x") },
      }).ended;
    }
    const subjects = readFileSync(join(folder, "x"), "utf8").match(/user-\d+-\d+/g) ?? [];
    expect(subjects).toHaveLength(300 * runs.length);
    expect(new Set(subjects).size).toBe(300 * runs.length);
  });

  it.each(
    [
      { end: "process.exit(3);", because: "in the turn of the calls" },
      { end: "await null; process.exit(3);", because: "in the next one" },
      {
        end: `process.on("exit", () => log(300)); process.exit(3);`,
        because: "and a listener logs",
      },
    ].filter((_, i) => isInPart(i, 3 * column)),
  )("writes a client's lines on process.exit() $because", async ({ end }) => {
    const { exitCode } = await startChild({
      cwd,
      script: `
        import { Configuration, createClient, ${format}Logger } from "@sortition/node";
        const client = createClient({
          initialConfiguration: Configuration.from({ flagsConfiguration: process.env.FLAGS }),
          assignmentLogger: ${format}Logger(process.env.FILE),
        });
        const attributes = {};
        const log = (i) => client.getStringAssignment("flag-1", "user-" + i, attributes, "");
        for (let i = 0; i < 300; i++) {
          attributes.call = i;
          log(i);
        }
        ${end}
      `,
      env: { FLAGS: flagsBody("on"), FILE: join(folder, "x") },
    }).ended;
    expect(exitCode).toBe(3);
    const lines = linesOf("x").slice(format === "csv" ? 1 : 0);
    const isListening = end.includes("log(300)");
    expect(lines).toHaveLength(isListening ? 301 : 300);
    for (const [i, line] of lines.entries()) {
      expect(line).toContain(`user-${i}`);
      expect(line.replaceAll('""', '"')).toContain(`{"call":${Math.min(i, 299)}}`);
      expect(line).toMatch(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/);
    }
  });

  it("writes the same for a client as for one that passes complete events", async () => {
    const attributes: Record<string, string | number> = { plan: "pro", note: 'a,"b"' };
    const logs = ["pending", "complete"].map((name) => create(join(folder, name)));
    const [own, other] = logs.map((logger, i) =>
      createClient({
        initialConfiguration,
        clock: { now: () => Date.UTC(2026, 0, 2) },
        // A logger that wraps another one receives complete events.
        assignmentLogger:
          i === 0 ? logger : { ...logger, logAssignment: (event) => logger.logAssignment(event) },
      }),
    );
    for (const subject of ["a", "b", "c"]) {
      own?.getStringAssignment("flag-1", subject, attributes, "");
      other?.getStringAssignment("flag-1", subject, attributes, "");
      attributes["plan"] = subject;
      attributes[subject] = 1;
    }
    await Promise.all([own?.close(), other?.close()]);
    expect(logs.map((logger) => logger.stats().delivered)).toEqual([3, 3]);
    expect(linesOf("pending")).toEqual(linesOf("complete"));
  });

  it("leaves no listener on the process", async () => {
    const before = process.listenerCount("exit");
    const created = Array.from({ length: 12 }, (_, i) => create(join(folder, `x${i}`)));
    for (const logger of created) logger.logAssignment(eventOf("a"));
    expect(process.listenerCount("exit")).toBe(before + 1);
    await Promise.all(created.map((logger) => logger.close()));
    // Another client that shares the logger may still log.
    for (const logger of created) logger.pending?.log({ event: eventOf("b") } as never);
    expect(process.listenerCount("exit")).toBe(before);
  });

  it.each([
    { path: "", options: {}, option: "path" },
    { path: "x", options: { maxBufferedBytes: 1.5 }, option: "maxBufferedBytes" },
    { path: "x", options: { onError: 5 as never }, option: "onError" },
    { path: "x", options: { maxFileSize: 5 } as object, option: "maxFileSize" },
  ])("refuses an invalid $option", ({ path, options, option }) => {
    expect(() => create(path, options)).toThrow(expect.objectContaining({ option }));
  });
});
