import { tmpdir } from "node:os";
import { ifWhole, startChild } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { scriptWith } from "./script-with.js";

const PRELUDE = `
const events = [];
const variables = new LocalVariables(
  () => ({ maskPatterns: ["password"], ignorePatterns: ["^__"] }),
  { unavailable: (cause) => events.push("unavailable " + cause.message), limited: () => events.push("limited") },
);
const print = (value) => console.log(JSON.stringify(value));
const framesOf = (error) => {
  const frames = error.stack.split("\\n").slice(1).map((line) => {
    const [, name = "?", lineno] = /at (?:async )?(?:(?:new )?(\\S+) \\()?.*?:(\\d+):\\d+/.exec(line) ?? [];
    return { function: name, lineno: Number(lineno) };
  });
  variables.addTo(error, frames);
  return Object.fromEntries(frames.filter((it) => it.code_variables).map((it) => [it.function, it.code_variables]));
};
let getterCalls = 0;
function inner(count, password) {
  const big = "x".repeat(1_000_000);
  const owner = { count, get it() { return ++getterCalls; } };
  owner.self = owner;
  { let block = "b"; throw new Error("boom"); }
}
function outer(list) { const size = list.length; inner(size + 1, "hunter2"); }
const thrownBy = (work) => { try { work(); } catch (error) { return error; } };
`;

async function run(script: string): Promise<unknown> {
  const subject = await scriptWith("exceptions/variables/local-variables.js", PRELUDE + script);
  const { stdout, stderr, exitCode } = await startChild({ cwd: tmpdir(), script: subject }).ended;
  expect([exitCode, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

const INNER = {
  count: 3,
  block: "b",
  password: "$$_posthog_redacted_based_on_masking_rules_$$",
  big: "$$_posthog_value_too_long_$$",
  owner: '{"count":3,"it":"<getter>","self":"<circular ref>"}',
};
const OUTER = { size: 2, list: "[1,2]" };

describe.concurrent("local variables", () => {
  it("are read in nested functions, without masked values and getter calls", async () => {
    const script = `variables.start(); print([framesOf(thrownBy(() => outer([1, 2]))), getterCalls]);`;
    expect(await run(script)).toMatchObject([{ inner: INNER, outer: OUTER }, 0]);
  });

  ifWhole(it)("are read after an await in the frames that still exist", async () => {
    const script = `
      variables.start();
      async function work(input) { const before = input + 1; await null; const after = before + 1; outer([1, 2]); }
      const error = await work(1).catch((it) => it);
      print(framesOf(error));`;
    expect(await run(script)).toMatchObject({
      inner: INNER,
      outer: OUTER,
      work: { input: 1, before: 2, after: 3 },
    });
  });

  ifWhole(it)("are read in frames with variables whose declarations were not reached", async () => {
    const script = `
      variables.start();
      function fails(n) { const before = 1; if (n) throw new Error("boom"); const after = 2; return () => before + after; }
      const error = thrownBy(() => fails(1));
      print(framesOf(error));`;
    const fails = { n: 1, before: 1, after: "undefined" };
    expect(await run(script)).toMatchObject({ fails });
  });

  ifWhole(it)("stay the same if an error is rethrown", async () => {
    const script = `
      variables.start();
      const error = thrownBy(() => { const other = 1; try { outer([1, 2]); } catch (it) { throw it; } });
      print(Object.keys(framesOf(error)));`;
    expect(await run(script)).toEqual(expect.arrayContaining(["inner", "outer"]));
  });

  it("are not read before start and after stop", async () => {
    const script = `
      const before = framesOf(thrownBy(() => outer([1, 2])));
      variables.start(); variables.stop();
      print([before, framesOf(thrownBy(() => outer([1, 2])))]);`;
    expect(await run(script)).toEqual([{}, {}]);
  });

  it("are omitted if there are too many errors, which is reported once", async () => {
    const script = `
      variables.start();
      for (let i = 0; i < 10_000; i++) thrownBy(() => outer([i]));
      print(events);`;
    expect(await run(script)).toEqual(["limited"]);
  });

  ifWhole(it)("do not keep the process alive, and write nothing to stdout", async () => {
    expect(await run(`variables.start(); print("end");`)).toBe("end");
  });
});
