import { fileURLToPath } from "node:url";
import { startChild, startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

const CWD: string = fileURLToPath(new URL("../../", import.meta.url));
const REDACTED = "$$_posthog_redacted_based_on_masking_rules_$$";
const TOO_LONG = "$$_posthog_value_too_long_$$";

/** A program whose innermost function has one of everything. Each event is a line on its stdout. */
const PRELUDE = `
  import * as posthog from "@sortition/posthog";
  const { settings } = posthog;
  Object.assign(settings, {
    projectApiKey: "phc_key", host: process.env.HOST, enableExceptionAutocapture: true,
    captureExceptionCodeVariables: process.env.WITH === "1",
    beforeSend(event) {
      if (event.event === "$exception") {
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
/** Uncaught errors are captured when there is a client. */
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

const WAYS: readonly {
  readonly name: string;
  readonly script: string;
  readonly exitCode?: number;
  /** Frames beyond those of the functions that are always there. */
  readonly further?: object;
}[] = [
  {
    name: "by hand",
    script: `try { middle([5]); } catch (error) { posthog.captureException(error); } await posthog.shutdown();`,
  },
  {
    name: "by hand, after an await",
    script: `await later(4).catch((error) => posthog.captureException(error)); await posthog.shutdown();`,
    further: { later: { input: 4, after: 5 } },
  },
  {
    name: "by hand, after another event",
    script: `${START} try { middle([5]); } catch (error) { posthog.captureException(error); } await posthog.shutdown();`,
  },
  {
    name: "by a scope",
    script: `try { posthog.newContext(() => middle([5])); } catch {} await posthog.shutdown();`,
  },
  {
    name: "by a scope, after an await",
    script: `await posthog.scoped()(later)(4).catch(() => {}); await posthog.shutdown();`,
    further: { later: { input: 4, after: 5 } },
  },
  {
    name: "when nobody catches it",
    script: `${START} setTimeout(() => middle([5]), 1);`,
    exitCode: 1,
  },
  {
    name: "as a rejection",
    script: `${START} void later(4);`,
    exitCode: 1,
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
    lines: lines.map((line): Line => JSON.parse(line)),
    batches: server.requests.filter(({ path }) => path === "/batch/").length,
  };
}

describe("an error that is captured", () => {
  it.each(WAYS)("$name has the variables of its frames", async (way) => {
    const { exitCode = 0, further = {}, script } = way;
    const result = await run(script, true);
    expect(result.exitCode).toBe(exitCode);
    // Also where the process dies, it is delivered first.
    expect(result.batches).toBeGreaterThan(0);
    expect(result.lines).toHaveLength(1);
    const [line] = result.lines;
    expect(line?.value).toBe("boom");
    expect(line?.frames).toMatchObject({ innermost: INNERMOST, middle: MIDDLE, ...further });
    expect(line?.getterCalls).toBe(0);
    for (const secret of ["hunter2", "tok-4711", "hidden", "4712"]) {
      expect(line?.text).not.toContain(`"${secret}`);
    }
  });

  it.each(WAYS)("$name has none with the setting off", async ({ exitCode = 0, script }) => {
    const result = await run(script, false);
    expect(result.exitCode).toBe(exitCode);
    expect(result.lines).toHaveLength(1);
    expect(result.lines[0]?.text).not.toContain("code_variables");
  });
});
