import { join } from "node:path";
import { startChild } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

const script = (options: string): string => `
  import { testFlags } from "@sortition/testing";
  import { flagServer } from "@sortition/testing/server";
  const server = await flagServer({ flags: testFlags(), ${options} });
  const answer = await fetch(server.url + "/flag-config/v1/config"); // its connection stays open
  await answer.text();
  console.error("@served " + answer.status);
  console.error("@served");
`;
const cwd = join(import.meta.dirname, "..");

describe("a server that is never closed", () => {
  it("does not keep its process alive", async () => {
    const { exitCode, stderr, stdout } = await startChild({
      cwd,
      script: `${script("")}
        await new Promise(setImmediate);
        console.log(process.getActiveResourcesInfo().filter((name) => name.startsWith("TCP")));`,
    }).ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "@served 200\n@served\n" });
    expect(stdout).toBe("[]\n");
  });

  it("keeps its process alive with holdsProcess: true", async () => {
    const child = startChild({ cwd, script: script("holdsProcess: true") });
    await child.mark("served");
    child.kill("SIGTERM");
    expect((await child.ended).signal).toBe("SIGTERM");
  });
});
