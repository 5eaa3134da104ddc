import { fileURLToPath } from "node:url";
import { createFakeClock, ifWhole, isInPart, startChild } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { createClient } from "../../src/client/create-client.js";
import { Configuration } from "../../src/index.js";
import { flagsBody } from "../support/flags.js";

/** From here, `@sortition/node` resolves to the build of this package. */
const cwd = fileURLToPath(new URL("../..", import.meta.url));

const initialConfiguration = Configuration.from({ flagsConfiguration: flagsBody("on") });

describe("lifecycle §7 fault 25: a logger that takes 50 ms", () => {
  it("receives 1,000 exposures in order, 16 at a time, before close resolves", async () => {
    const started: string[] = [];
    let running = 0;
    let most = 0;
    const clock = createFakeClock();
    const client = createClient({
      clock,
      initialConfiguration,
      assignmentLogger: {
        async logAssignment({ subject }) {
          started.push(subject);
          running += 1;
          most = Math.max(most, running);
          await new Promise<void>((resolve) => {
            clock.setTimer(resolve, 50, { holdsProcess: true });
          });
          running -= 1;
        },
      },
    });
    const subjects = Array.from({ length: 1_000 }, (_, i) => `${i}`);
    for (const subject of subjects) client.getStringAssignment("flag-1", subject, {}, "");
    const closing = client.close({ timeoutMs: 60_000 });
    // 63 rounds
    expect(await Promise.race([closing, clock.advance(3_149)])).toBeUndefined();
    await clock.advance(1);
    expect(await closing).toMatchObject({ delivered: 1_000, pending: 0, timedOut: false });
    expect([started, most]).toEqual([subjects, 16]);
  });
});

describe("a process with a faulty logger", () => {
  const script = (log: string): string => `
    import { Configuration, createClient } from "@sortition/node";
    const client = createClient({
      initialConfiguration: Configuration.from({ flagsConfiguration: process.env.FLAGS }),
      assignmentLogger: { logAssignment: ${log} },
      exposures: { loggerTimeoutMs: 60_000 }, // longer than this process may run
    });
    for (let i = 0; i < 100; i++) {
      const value = client.getStringAssignment("flag-1", String(i), {}, "default");
      if (value !== "on") throw new Error(value);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.error("counters " + JSON.stringify(client.status.counters.exposures.loggers.assignmentLogger));
  `;

  it.each(
    [
      {
        how: "throws",
        log: '() => { throw new Error("no"); }',
        counted: { dropped: { "logger-threw": 100 } },
      },
      {
        how: "rejects",
        log: 'async () => { throw new Error("no"); }',
        counted: { dropped: { "logger-rejected": 100 } },
      },
      {
        how: "never settles",
        log: "() => new Promise(() => {})",
        counted: { inFlight: 16, queued: 84 },
      },
    ].filter((_, i) => isInPart(i, 2)),
  )("ends as soon as it has nothing to do: it $how", async ({ log, counted }) => {
    const env = { FLAGS: flagsBody("on") };
    const result = await startChild({ cwd, script: script(log), env }).ended;
    expect(result).toMatchObject({ exitCode: 0, signal: null, stdout: "" });
    expect(result.stderr).not.toMatch(/Unhandled|unsettled/);
    const counters = JSON.parse(/^counters (.*)$/m.exec(result.stderr)?.[1] ?? "null");
    expect(counters).toMatchObject({ accepted: 100, delivered: 0, ...counted });
  });
});

describe("lifecycle §7 fault 34: SIGTERM with 100 queued events", () => {
  const script = (rest: string): string => `
    import { Configuration, createClient, installShutdownHooks } from "@sortition/node";
    let delivered = 0;
    const client = createClient({
      initialConfiguration: Configuration.from({ flagsConfiguration: process.env.FLAGS }),
      assignmentLogger: {
        async logAssignment() {
          await new Promise((resolve) => setTimeout(resolve, 20));
          delivered += 1;
        },
      },
      exposures: { maxConcurrent: 4 },
    });
    installShutdownHooks(client);
    client.on("closed", (result) => {
      console.error("closed " + JSON.stringify({ pending: result.pending, delivered }));
    });
    const work = setInterval(() => {}, 1_000);
    ${rest}
    for (let i = 0; i < 104; i++) client.getStringAssignment("flag-1", String(i), {}, "");
    console.error("\\n@queued");
  `;
  const run = async (rest = "") => {
    const child = startChild({ cwd, script: script(rest), env: { FLAGS: flagsBody("on") } });
    await child.mark("queued");
    child.kill("SIGTERM");
    return child;
  };

  it("delivers them, then ends the process", async () => {
    const result = await (await run()).ended;
    expect(result).toMatchObject({ exitCode: null, signal: "SIGTERM", stdout: "" });
    expect(result.stderr).toContain('closed {"pending":0,"delivered":104}');
  });

  ifWhole(it)("ends the process immediately on a second SIGTERM", async () => {
    const child = await run(`
      process.once("SIGTERM", () => console.error("\\n@closing"));
    `);
    await child.mark("closing");
    child.kill("SIGTERM");
    const result = await child.ended;
    expect(result).toMatchObject({ exitCode: null, signal: "SIGTERM" });
    expect(result.stderr).not.toContain("closed");
  });

  ifWhole(it)("delivers them and lets another listener decide when the process ends", async () => {
    const child = await run(`
      process.on("SIGTERM", () => {
        client.on("closed", () => {
          console.error("foreign");
          process.exitCode = 7;
          clearInterval(work);
        });
      });
    `);
    const result = await child.ended;
    expect(result).toMatchObject({ exitCode: 7, signal: null });
    expect(result.stderr).toMatch(/closed {"pending":0,"delivered":104}\nforeign/);
  });
});
