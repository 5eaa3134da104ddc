import { describe, expect, it } from "vitest";
import { expectSameOutput, THREADED } from "./same-output.js";

describe("sortition srm of more than 200,000 rows", () => {
  it("writes in as many threads as there are processors what one thread writes", async () => {
    const srm = THREADED.find(({ name }) => name === "srm");
    if (srm === undefined) throw new Error("srm is not there");
    const { exitCode } = await expectSameOutput(srm, 220_000, []);
    expect(exitCode).toBe(1);
  });
});
