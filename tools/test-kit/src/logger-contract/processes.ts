import { cp, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { type ChildResult, ENDS_MS, startChild } from "../child.js";
import type { Collector } from "../collector.js";
import { ifWhole, isInPart } from "../whole.js";
import { it } from "./collector-test.js";
import { assignment } from "./events.js";
import { FAULTS } from "./faults.js";
import { acceptedBy, type LoggerHarness } from "./harness.js";

/** Installs a built package with core only, and returns the folder. */
async function installAlone(cwd: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sortition-peerless-"));
  const core = dirname(
    createRequire(join(cwd, "package.json")).resolve("@sortition/core/package.json"),
  );
  for (const source of [cwd, core]) {
    const target = join(folder, "node_modules", "@sortition", basename(source));
    for (const part of ["package.json", "dist"]) {
      await cp(join(source, part), join(target, part), { recursive: true });
    }
  }
  return folder;
}

const LOADERS = {
  module: `
    import { setTimeout as wait } from "node:timers/promises";
    const load = (name) => import(name);`,
  commonjs: `
    const { setTimeout: wait } = require("node:timers/promises");
    const load = async (name) => require(name);`,
};

interface RunOptions {
  readonly type?: keyof typeof LOADERS;
  readonly cwd?: string;
  /** Statements that declare `create`. */
  readonly script?: string;
}

/** Faults 5, 17, 20, 21 and 25 of docs/spec/loggers.md §5, in child processes. */
export function describeProcessEnd(harness: LoggerHarness): void {
  const run = (
    collector: Collector,
    body: string,
    { type = "module", cwd = harness.cwd, script = harness.script }: RunOptions = {},
  ): Promise<ChildResult> =>
    startChild({
      cwd,
      type,
      env: { URL: collector.url },
      script: `${LOADERS[type]}
        (async () => {
          const event = ${JSON.stringify(assignment("subject-1"))};
          ${script}
          ${body}
        })();`,
    }).ended;

  it.for(FAULTS.filter((_, i) => isInPart(i, 2)))(
    "loggers §5 fault 5: lets a process end normally if the service fails: $because",
    async ({ arrange }, { collector }) => {
      await arrange(collector);
      const result = await run(
        collector,
        `
      const logger = await create({ onError: () => {} });
      for (let i = 0; i < 30; i++) logger.logAssignment(event);
      const { ok } = await logger.flush({ timeoutMs: 500 });
      await wait(2_500);
      await logger.close({ timeoutMs: 100 });
      console.error("\\n@closed");
      console.log(JSON.stringify({ ok, buffered: logger.stats().buffered }));
    `,
      );
      expect(result).toMatchObject({ exitCode: 0, signal: null });
      expect(result.stdout).toContain('{"ok":false,"buffered":0}');
      expect(result.endedAfterMs("closed")).toBeLessThan(ENDS_MS);
    },
  );

  ifWhole(it)(
    "loggers §5 fault 25: does not keep its process alive after close, although responses drip",
    async ({ collector }) => {
      collector.answer({ kind: "drip", everyMs: 200 });
      const result = await run(
        collector,
        `
      const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
      const logger = await create({ onError: () => {}, diagnostics });
      logger.logAssignment(event);
      void logger.flush({ timeoutMs: 40_000 });
      while (logger.stats().inFlight === 0) await wait(10); // until it is sent
      const startedAtMs = performance.now();
      await logger.close({ timeoutMs: 3_000 });
      const closedAtMs = performance.now();
      process.on("exit", () => {
        console.log(JSON.stringify([closedAtMs - startedAtMs, performance.now() - closedAtMs]));
      });
    `,
      );
      expect(result).toMatchObject({ exitCode: 0, signal: null });
      const [closeMs, exitMs] = JSON.parse(result.stdout);
      expect(closeMs).toBeLessThan(3_000 + ENDS_MS);
      expect(exitMs).toBeLessThan(ENDS_MS);
      expect(collector.requests.length).toBeGreaterThan(0);
    },
  );

  it.for(
    [
      { ends: "runs out of work", body: "" },
      {
        ends: "receives SIGTERM, and closes the logger",
        body: `
      process.once("SIGTERM", () => void logger.close({ timeoutMs: 20_000 }));
      process.kill(process.pid, "SIGTERM");`,
      },
    ].filter((_, i) => isInPart(i)),
  )(
    "loggers §5 fault 17: delivers buffered events when the process $ends",
    async ({ body }, { collector }) => {
      // The process has two seconds. All its timers are made ten times as long, because a busy machine may need longer.
      const result = await run(
        collector,
        `
      const { setTimeout: startTimer } = globalThis;
      globalThis.setTimeout = (run, ms, ...rest) => startTimer(run, 10 * ms, ...rest);
      const logger = await create({});
      for (let i = 0; i < 3; i++) logger.logAssignment({ ...event, messageId: "id-" + i });
      console.error("\\n@logged");
      ${body}
    `,
      );
      expect(result).toMatchObject({ exitCode: 0, signal: null });
      expect(acceptedBy(collector, harness)).toHaveLength(3);
      expect(result.endedAfterMs("logged")).toBeLessThan(20_000 + ENDS_MS);
    },
  );

  ifWhole(it)(
    "loggers §5 fault 17: ends immediately, and delivers nothing, without flushOnExit",
    async ({ collector }) => {
      const result = await run(
        collector,
        `
      const logger = await create({ flushOnExit: false });
      logger.logAssignment(event);
      console.error("\\n@logged");
    `,
      );
      expect(result).toMatchObject({ exitCode: 0, signal: null });
      expect(acceptedBy(collector, harness)).toHaveLength(0);
      expect(result.endedAfterMs("logged")).toBeLessThan(2_000 + ENDS_MS);
    },
  );

  ifWhole(it.for(["module", "commonjs"] as const))(
    "loggers §5 fault 20: works from a built %s",
    async (type, { collector }) => {
      const result = await run(
        collector,
        `
      const logger = await create({});
      logger.logAssignment(event);
      console.log(JSON.stringify(await logger.close({ timeoutMs: 20_000 })));
    `,
        { type },
      );
      expect(result).toMatchObject({ exitCode: 0 });
      expect(result.stdout).toContain('"ok":true,"delivered":1');
      // A library may resend an event if a busy machine delays a response.
      expect(new Set(acceptedBy(collector, harness).map(({ id }) => id)).size).toBe(1);
    },
  );

  ifWhole(describe)("loggers §5 fault 21: if the library is not installed", () => {
    let cwd: string;
    beforeAll(async () => {
      cwd = await installAlone(harness.cwd);
    });
    afterAll(() => rm(cwd, { recursive: true }));

    it("works with an instance", async ({ collector }) => {
      const result = await run(
        collector,
        `
        const logger = create();
        logger.logAssignment(event);
        console.log(JSON.stringify([await logger.flush({ timeoutMs: 20_000 }), sent]));
      `,
        { cwd, script: harness.fakeScript },
      );
      expect(result).toMatchObject({ exitCode: 0, stderr: "" });
      expect(result.stdout).toContain('"delivered":1');
      expect(result.stdout).toContain('["00000000-0000-8000-8000-000000000001"]');
    });

    it("delivers without an instance", async ({ collector }) => {
      const result = await run(
        collector,
        `
        const logger = await create();
        logger.logAssignment(event);
        console.log(JSON.stringify(await logger.close({ timeoutMs: 20_000 })));
      `,
        { cwd },
      );
      expect(result).toMatchObject({ exitCode: 0, stderr: "" });
      expect(result.stdout).toContain('"delivered":1');
      expect(acceptedBy(collector, harness)).toHaveLength(1);
    });
  });
}
