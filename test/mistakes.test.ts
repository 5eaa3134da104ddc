import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FIRST_STEPS } from "./mistakes/first-steps.js";
import { expectWayOut, stderrOf } from "./mistakes/program.js";
import { type MistakeServers, startMistakeServers } from "./mistakes/servers.js";

let servers: MistakeServers;
beforeAll(async () => {
  servers = await startMistakeServers();
});
afterAll(() => servers.close());

// `test/packed/mistakes.test.ts` checks the mistakes of all files with packed packages.
describe("the first line of stderr names a new user's mistake and a solution", () => {
  it.concurrent.each(FIRST_STEPS)("$mistake", async (mistake) => {
    expectWayOut(mistake, await stderrOf(mistake, servers.places), servers.places);
  });

  it("covers at least twenty mistakes", () => {
    expect(FIRST_STEPS.length).toBeGreaterThanOrEqual(20);
  });
});
