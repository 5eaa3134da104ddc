import { describe, expect, it } from "vitest";
import { run, tempFile } from "../run.js";
import { expectSameOutput, THREADED } from "./same-output.js";

describe.each(THREADED)("sortition $name in two threads", (command) => {
  it("writes what one thread writes, byte for byte", async () => {
    // Of 512 KiB each thread gets at least one.
    const { exitCode, stdout } = await expectSameOutput(command, 1_200, ["--threads", "2"]);
    expect(exitCode).toBe(1);
    expect(stdout.length).toBeGreaterThan(1_000);
  });
});

describe("--threads", () => {
  it.each(["0", "65", "two"])("refuses %s", async (threads) => {
    const config = tempFile("flags.json", "{}");
    const args = ["srm", "-", "--config", config, "--dialect", "eppo", "--threads", threads];
    const { exitCode, stderr } = await run(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--threads: expected a number from 1 to 64, got ${threads}`);
  });
});
