import { describe, expect, it } from "vitest";
import { expectSameOutput, THREADED } from "./same-output.js";

describe("sortition srm with more than 200,000 rows", () => {
  it("writes the same with one thread per processor as with one thread", async () => {
    const srm = THREADED.find(({ name }) => name === "srm");
    if (srm === undefined) throw new Error("the command srm is missing");
    const { exitCode } = await expectSameOutput(srm, 220_000, []);
    expect(exitCode).toBe(1);
  });
});
