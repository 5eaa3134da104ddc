import { describe, expect, it } from "vitest";
import { expectSameOutput, THREADED } from "./same-output.js";

describe.each(THREADED)("sortition $name of more than 200,000 rows", (command) => {
  it("writes in as many threads as there are processors what one thread writes", async () => {
    const { exitCode } = await expectSameOutput(command, 220_000, []);
    expect(exitCode).toBe(1);
  });
});
