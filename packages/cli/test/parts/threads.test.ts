import { describe, expect, it } from "vitest";
import { run, runProgram, tempFile } from "../run.js";
import { expectSameOutput, files, requests, THREADED } from "./same-output.js";

describe.each(THREADED)("sortition $name in two threads", (command) => {
  it("writes the same bytes as one thread", async () => {
    // The input is larger than two units of 512 KiB, so each thread gets at least one.
    const { exitCode, stdout } = await expectSameOutput(command, 1_200, ["--threads", "2"]);
    expect(exitCode).toBe(1);
    expect(stdout.length).toBeGreaterThan(1_000);
  });
});

describe("sortition diff without subjects in two threads", () => {
  it("writes the same bytes as one thread", async () => {
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

describe("sortition evaluate in two threads", () => {
  const given = ["evaluate", "--dialect", "eppo", "--now", "2026-02-01T12:00:00Z"];

  it.each([[], ["--format", "csv", "--fields", "id,value,none"], ["--events"]])(
    "writes the same bytes as one thread (%s %s %s %s)",
    async (...more) => {
      const path = tempFile("threads-requests.ndjson", requests(3_000));
      const args = [...given, "--config", files().old, "--requests", path, ...more];
      const alone = await run([...args, "--threads", "1"]);
      expect(alone.exitCode).toBe(1);
      expect(alone.stdout.split("\n").length).toBeGreaterThan(3_000);
      expect(alone.stderr).toContain('for unknown flags: "missing"');
      expect(await runProgram([...args, "--threads", "2"])).toEqual(alone);
    },
  );

  it("stays in one thread when an event depends on earlier ones", async () => {
    const path = tempFile("threads-requests.ndjson", `${requests(1_000)}\n${requests(1_000)}`);
    const own = [
      "--config",
      files().old,
      "--requests",
      path,
      "--events",
      "--dedupe",
      "non-expiring",
    ];
    const alone = await run([...given, ...own]);
    expect(alone.stdout.split("\n")).toHaveLength(2_001);
    expect(await runProgram([...given, ...own, "--threads", "2"])).toEqual(alone);
  });
});
