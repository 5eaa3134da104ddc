import { fileURLToPath } from "node:url";
import { ifWhole, isInPart, startChild, startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

const CWD: string = fileURLToPath(new URL("../../", import.meta.url));
const REDACTED = "$$_posthog_redacted_based_on_masking_rules_$$";
const TOO_LONG = "$$_posthog_value_too_long_$$";

/** A program whose innermost function has a variable of each kind. It prints each event on a line of stdout. */
const PRELUDE = `
  // Pauses may use 20 ms of processor time per second, and the first ones of a process use more on a busy machine.
  process.cpuUsage = () => ({ user: 0, system: 0 });
  import * as posthog from "@sortition/posthog";
  const { settings } = posthog;
  Object.assign(settings, {
    projectApiKey: "phc_key", host: process.env.HOST, enableExceptionAutocapture: true,
    captureExceptionCodeVariables: process.env.WITH === "1",
    beforeSend(event) {
      if (event.event === "$exception") {
        process.stderr.write("@captured\\n");
        const [{ value, stacktrace }] = event.properties.$exception_list;
        const frames = Object.fromEntries(stacktrace.frames.map((it) => [it.function, it.code_variables]));
        process.stdout.write(JSON.stringify({ value, frames, getterCalls, text: JSON.stringify(event) }) + "\\n");
      }
      return event;
    },
  });
  let getterCalls = 0;
  function innermost(count) {
    const password = "hunter2";
    const accessToken = "tok-4711";
    const url = "postgres://me:hidden@db/shop";
    const connection_string = "Server=db;Uid=4712";
    const text = "x".repeat(1_000_000);
    const owner = { count, get it() { return ++getterCalls; } };
    owner.self = owner;
    throw new Error("boom");
  }
  function middle(list) { const size = list.length; innermost(size); }
  async function later(input) { await null; const after = input + 1; middle([after]); }
`;
/** Uncaught errors are captured only if there is a client. */
const START = `posthog.capture("started");`;

const INNERMOST = {
  count: 1,
  password: REDACTED,
  accessToken: REDACTED,
  url: `postgres://${REDACTED}@db/shop`,
  connection_string: REDACTED,
  text: TOO_LONG,
  owner: '{"count":1,"it":"<getter>","self":"<circular ref>"}',
};
const MIDDLE = { size: 1, list: "[5]" };

interface Line {
  readonly value: string;
  readonly frames: Readonly<Record<string, unknown>>;
  readonly getterCalls: number;
  readonly text: string;
}

interface Way {
  readonly name: string;
  readonly script: string;
  /** Further frames, in addition to the functions that are always present. */
  readonly further?: object;
}

/** One process captures all of these in this order. The first ones are captured before there is a client. */
const CAUGHT: readonly Way[] = [
  {
    name: "by hand",
    script: `try { middle([5]); } catch (error) { posthog.captureException(error); }`,
  },
  {
    name: "by hand, after an await",
    script: `await later(4).catch((error) => posthog.captureException(error));`,
    further: { later: { input: 4, after: 5 } },
  },
  {
    name: "by hand, after another event",
    script: `${START} try { middle([5]); } catch (error) { posthog.captureException(error); }`,
  },
  { name: "by a scope", script: `try { posthog.newContext(() => middle([5])); } catch {}` },
  {
    name: "by a scope, after an await",
    script: `await posthog.scoped()(later)(4).catch(() => {});`,
    further: { later: { input: 4, after: 5 } },
  },
];

/** Failures that end the process. */
const UNCAUGHT: readonly Way[] = [
  { name: "when nobody catches it", script: `${START} setTimeout(() => middle([5]), 1);` },
  {
    name: "as a rejection",
    script: `${START} void later(4);`,
    further: { later: { input: 4, after: 5 } },
  },
];

async function run(script: string, isOn: boolean) {
  await using server = await startTestServer({ kind: "answer", body: "{}" });
  const env = { HOST: server.url, WITH: isOn ? "1" : "0" };
  const ended = await startChild({ script: PRELUDE + script, cwd: CWD, env }).ended;
  const lines = ended.stdout.trim().split("\n");
  return {
    exitCode: ended.exitCode,
    afterCaptureMs: ended.endedAfterMs("captured"),
    lines: lines.map((line): Line => JSON.parse(line)),
    batches: server.requests.filter(({ path }) => path === "/batch/").length,
  };
}

function expectVariables(line: Line | undefined, { further = {}, name }: Way): void {
  expect(line?.value, name).toBe("boom");
  expect(line?.frames, name).toMatchObject({ innermost: INNERMOST, middle: MIDDLE, ...further });
  expect(line?.getterCalls, name).toBe(0);
  for (const secret of ["hunter2", "tok-4711", "hidden", "4712"]) {
    expect(line?.text, name).not.toContain(`"${secret}`);
  }
}

function expectNone(lines: readonly Line[], count: number): void {
  expect(lines).toHaveLength(count);
  for (const { text } of lines) expect(text).not.toContain("code_variables");
}

describe("a captured error", () => {
  // Each one has its own block, like a separate program, and its own second: on a slow machine, a capture may use up the time in
  // which the program may be paused per second.
  const nextSecond = "await new Promise((resolve) => setTimeout(resolve, 1_100));";
  const caught = CAUGHT.map(({ script }) => `{ ${script} }`).join(nextSecond);

  it("has the variables of its frames", async () => {
    const { batches, exitCode, lines } = await run(`${caught} await posthog.shutdown();`, true);
    expect(exitCode).toBe(0);
    expect(batches).toBeGreaterThan(0);
    expect(lines).toHaveLength(CAUGHT.length);
    for (const [i, way] of CAUGHT.entries()) expectVariables(lines[i], way);
  });

  ifWhole(it)("has no variables if the setting is off", async () => {
    const { exitCode, lines } = await run(`${caught} await posthog.shutdown();`, false);
    expect(exitCode).toBe(0);
    expectNone(lines, CAUGHT.length);
  });
});

describe("an error that ends the process", () => {
  it.each(UNCAUGHT.filter((_, i) => isInPart(i, 1)))(
    "$name has the variables of its frames",
    async (way) => {
      const { afterCaptureMs, batches, exitCode, lines } = await run(way.script, true);
      expect(exitCode).toBe(1);
      // The event is delivered before the process ends, unless that takes more than two seconds.
      expect(batches > 0 || afterCaptureMs > 2_000).toBe(true);
      expect(lines).toHaveLength(1);
      expectVariables(lines[0], way);
    },
  );

  it.each(UNCAUGHT.filter((_, i) => isInPart(i)))(
    "$name has no variables if the setting is off",
    async ({ script }) => {
      const { exitCode, lines } = await run(script, false);
      expect(exitCode).toBe(1);
      expectNone(lines, 1);
    },
  );
});
