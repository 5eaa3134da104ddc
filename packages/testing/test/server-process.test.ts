import { join } from "node:path";
import { startChild } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

const script = (options: string): string => `
  import { testFlags } from "@sortition/testing";
  import { flagServer } from "@sortition/testing/server";
  const server = await flagServer({ flags: testFlags(), ${options} });
  const answer = await fetch(server.url + "/flag-config/v1/config"); // its connection is kept
  await answer.text();
  console.error("@served " + answer.status);
  console.error("@served");
`;
const cwd = join(import.meta.dirname, "..");

describe("a server that nobody closes", () => {
  it("ends with the process that started it, which it does not hold", async () => {
    const { boundMs, exitCode, exitedAtMs, marks, stderr } = await startChild({
      cwd,
      script: script(""),
    }).ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "@served 200\n@served\n" });
    const ended = exitedAtMs - (marks.get("served") ?? 0);
    expect(ended).toBeLessThan(boundMs(500)); // a connection is kept for 5 s
  });

  it("holds it if it is to", async () => {
    const child = startChild({ cwd, script: script("holdsProcess: true") });
    await child.mark("served");
    child.kill("SIGTERM");
    expect((await child.ended).signal).toBe("SIGTERM");
  });
});
