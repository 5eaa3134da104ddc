import { describe, expect, it } from "vitest";
import { run, runProgram, tempFile } from "../run.js";
import { expectSameOutput, files, THREADED } from "./same-output.js";

describe.each(THREADED)("sortition $name in two threads", (command) => {
  it("writes what one thread writes, byte for byte", async () => {
    // Of 512 KiB each thread gets at least one.
    const { exitCode, stdout } = await expectSameOutput(command, 1_200, ["--threads", "2"]);
    expect(exitCode).toBe(1);
    expect(stdout.length).toBeGreaterThan(1_000);
  });
});

describe("sortition diff without subjects in two threads", () => {
  it("writes what one thread writes, byte for byte", async () => {
    const { now, old } = files();
    const args = ["diff", old, now, "--flags", "flag-2", "--list", "--show-subjects"];
    const alone = await run([...args, "--threads", "1"]);
    expect(alone).toMatchObject({ exitCode: 0 });
    expect(alone.stdout).toContain("of 100,000 made-up keys without attributes");
    expect(await runProgram([...args, "--threads", "2"])).toEqual(alone);
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
