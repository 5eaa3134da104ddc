import { describe, expect, inject, it } from "vitest";
import { run } from "./run.ts";

const nodes = inject("nodes");
const consumer = inject("consumer");

/** Throws an error before one of the function's variables is declared. */
const PROGRAM = `
import { PostHog } from "@sortition/posthog";
const posthog = new PostHog("phc_x", {
  host: "http://127.0.0.1:9",
  captureExceptionCodeVariables: true,
  before_send(event) {
    const { stacktrace } = event.properties.$exception_list[0];
    console.log(JSON.stringify(stacktrace.frames.at(-1).code_variables));
    return null;
  },
});
async function fails(count) {
  await null;
  const before = count + 1;
  if (count > 0) throw new Error("boom");
  const after = before;
  return () => after;
}
posthog.captureException(await fails(1).catch((error) => error), "someone");
await posthog.shutdown();
`;

describe.each(nodes)("the local variables of an error on Node $version", (node) => {
  it("can be read even if a declaration was not reached", async () => {
    const args = ["--input-type=module", "--eval", PROGRAM];
    const { exitCode, stdout, stderr } = await run(node.file, args, { cwd: consumer });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toEqual({ count: 1, before: 2, after: "undefined" });
  });
});
