import { tmpdir } from "node:os";
import { isInPart, startChild } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { scriptWith } from "./script-with.js";

interface Case {
  readonly name: string;
  readonly script: string;
  readonly nodeOptions?: readonly string[];
  /** Types of the mechanisms of captured exceptions. */
  readonly captured: readonly string[];
}

/**
 * Prints the captured exceptions when the process ends. Uses two clients, which must not mistake each other for the
 * application.
 */
const PRELUDE = `
const captured = [];
for (const name of ["a", "b"]) captureUncaught({
  project: name,
  capture: (thrown, { type, handled }) => { if (name === "a") captured.push(type + ":" + handled + ":" + (thrown?.message ?? thrown)); },
  flush: () => new Promise((resolve) => setTimeout(resolve, 20)),
});
process.on("exit", () => console.log(JSON.stringify(captured)));
`;
const REJECT = `Promise.reject(new Error("rejected"));`;
const UNCAUGHT = "onuncaughtexception:false:thrown";
const UNHANDLED = "onunhandledrejection:false:rejected";
const HANDLED_LATER = `setTimeout(() => {}, 50);`;

const CASES: readonly Case[] = [
  {
    // The body of an ES module is asynchronous, so Node.js treats this as a rejection.
    name: "an exception at the top of a module ends the process",
    script: `throw new Error("rejected");`,
    captured: [UNHANDLED],
  },
  {
    name: "an uncaught exception ends the process",
    script: `setTimeout(() => { throw new Error("thrown"); }, 1);`,
    captured: [UNCAUGHT],
  },
  {
    name: "a listener of the application keeps it alive",
    script: `process.on("uncaughtException", () => {}); setTimeout(() => { throw new Error("thrown"); }, 1);`,
    captured: [UNCAUGHT],
  },
  { name: "an unhandled rejection ends it", script: REJECT, captured: [UNHANDLED] },
  {
    name: "a listener for rejections keeps it alive",
    script: `process.on("unhandledRejection", () => {}); ${REJECT} ${HANDLED_LATER}`,
    captured: [UNHANDLED],
  },
  {
    name: "a listener that is removed does not",
    script: `const f = () => {}; process.on("unhandledRejection", f); await null; process.off("unhandledRejection", f); ${REJECT}`,
    captured: [UNHANDLED],
  },
  {
    name: "a listener that throws the reason captures it once",
    script: `process.on("unhandledRejection", (it) => { throw it; }); ${REJECT}`,
    captured: [UNHANDLED],
  },
  ...(["warn", "none", "strict", "throw"] as const).map((mode) => ({
    name: `--unhandled-rejections=${mode}`,
    script: `${REJECT} ${HANDLED_LATER}`,
    nodeOptions: [`--unhandled-rejections=${mode}`],
    captured: [UNHANDLED],
  })),
  { name: "a process without errors just ends", script: "", captured: [] },
  { name: "an exit code stays", script: `process.exitCode = 7;`, captured: [] },
];

describe("an uncaught error", () => {
  it.concurrent.each(CASES.filter((_, i) => isInPart(i, 1)))(
    "$name",
    async ({ script, nodeOptions = [], captured }) => {
      const cwd = tmpdir();
      const subject = await scriptWith("exceptions/uncaught.js", `${PRELUDE}${script}`);
      const [watched, alone] = await Promise.all([
        startChild({ cwd, nodeOptions, script: subject }).ended,
        startChild({ cwd, nodeOptions, script }).ended,
      ]);
      expect(JSON.parse(watched.stdout)).toEqual(captured);
      expect(watched.exitCode).toBe(alone.exitCode);
      expect(watched.stderr === "").toBe(alone.stderr === "");
    },
  );

  it("delays the end of the process by at most two seconds", async () => {
    const script = await scriptWith(
      "exceptions/uncaught.js",
      `captureUncaught({ project: "a", capture() {}, flush: () => new Promise(() => {}) });
       // A busy machine delays this timer as much as that of the end.
       setTimeout(() => process.exit(9), 4_000);
       throw new Error("thrown");`,
    );
    const { exitCode, exitedAtMs } = await startChild({ cwd: tmpdir(), script }).ended;
    expect(exitCode).toBe(1);
    expect(exitedAtMs).toBeGreaterThan(2_000);
  });
});
