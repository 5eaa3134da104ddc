import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ifWhole, isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { EXAMPLE } from "./eppo/eppo-config.js";
import { jsonFile, MAIN, ndjson, parseLines, runProgram } from "./run.js";
import { experimentConfig } from "./srm/simulated.js";

const REQUEST = { flag: "new-checkout", type: "boolean", default: false, subjectKey: "user-1" };

function args(...more: readonly string[]): string[] {
  const config = jsonFile("config.json", EXAMPLE);
  return ["evaluate", "--dialect", "eppo", "--config", config, ...more];
}

describe("the program", () => {
  ifWhole(it)(
    "exits with 0 when every line is answered, and writes nothing to stderr",
    async () => {
      const { exitCode, stdout, stderr } = await runProgram(args(), ndjson([REQUEST]));
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(parseLines(stdout)).toHaveLength(1);
    },
  );

  it("exits with 1 when some lines fail, and answers the others", async () => {
    const { exitCode, stdout, stderr } = await runProgram(args(), `x\n${ndjson([REQUEST])}`);
    expect(exitCode).toBe(1);
    expect(parseLines(stdout).map(({ id }) => id)).toEqual([1, 2]);
    expect(stderr).toBe("1 of 2 lines failed (invalid_json: 1)\n");
  });

  const refused = [
    { because: "of a usage error", more: ["--nope"] },
    { because: "a file cannot be read", more: ["--requests", "/does/not/exist"] },
  ];

  it.each(refused.slice(isWhole ? 0 : 1))(
    "exits with 2 and an empty stdout because $because",
    async ({ more }) => {
      const { exitCode, stdout, stderr } = await runProgram(args(...more), ndjson([REQUEST]));
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(/^error: /);
    },
  );

  ifWhole(
    it.each([
      { command: "help", loadsEppo: false, args: () => ["--help"] },
      {
        command: "another dialect",
        loadsEppo: false,
        args: () => ["evaluate", "--dialect", "none"],
      },
      { command: "evaluate", loadsEppo: true, args },
    ]),
  )("loads Eppo for $command: $loadsEppo", async (row) => {
    const folder = mkdtempSync(join(tmpdir(), "sortition-coverage-"));
    try {
      await runProgram(row.args(), "", { NODE_V8_COVERAGE: folder });
      const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
      const urls = files.flatMap((text) => [...text.matchAll(/"url":"file:([^"]+)"/g)]);
      const entries = urls.map(([, url]) => /core\/dist\/(\w+)\.js$/.exec(url ?? "")?.[1]);
      expect(entries).toContain("dialect");
      expect(entries.includes("index") || entries.includes("eppo")).toBe(row.loadsEppo);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  ifWhole(
    it.each([
      { command: "help", more: () => ["--help"], isLoaded: false },
      { command: "evaluate", more: args, isLoaded: false },
      {
        command: "function",
        more: () => [
          "function",
          ...args().slice(1),
          "--target",
          "snowflake",
          "--out",
          tmpdir(),
          "none",
        ],
        isLoaded: true,
      },
    ]),
  )(
    "loads the code that generates functions for $command: $isLoaded",
    async ({ isLoaded, more }) => {
      const folder = mkdtempSync(join(tmpdir(), "sortition-coverage-"));
      try {
        await runProgram(more(), "", { NODE_V8_COVERAGE: folder });
        const text = readdirSync(folder)
          .map((name) => readFileSync(join(folder, name), "utf8"))
          .join("");
        expect(/"url":"file:[^"]*\/dist\/function-[^/"]*\.js"/.test(text)).toBe(isLoaded);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  ifWhole(it)("prints its version", async () => {
    const { exitCode, stdout } = await runProgram(["--version"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  ifWhole(it.each([["--help"], ["--version"], ["srm", "--help"]]))(
    "exits with 2 when %s cannot be written to a full disk",
    async (...words) => {
      const full = openSync("/dev/full", "w");
      const child = spawn(process.execPath, [MAIN, ...words], { stdio: ["ignore", full, "pipe"] });
      closeSync(full);
      let stderr = "";
      child.stderr?.on("data", (chunk) => {
        stderr += chunk;
      });
      expect(await once(child, "close")).toEqual([2, null]);
      expect(stderr).toContain("error: cannot write results: ");
    },
  );

  it("answers each line before the next one arrives", async () => {
    const child = spawn(process.execPath, [MAIN, ...args()]);
    for (const id of ["first", "second"]) {
      child.stdin.write(ndjson([{ ...REQUEST, id }]));
      const [chunk] = await once(child.stdout, "data");
      expect(parseLines(String(chunk)).map((result) => result.id)).toEqual([id]);
    }
    child.stdin.end();
    expect(await once(child, "close")).toEqual([0, null]);
  });

  it("stops silently when its output is no longer read", async () => {
    const child = spawn(process.execPath, [MAIN, ...args()]);
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.stdin.on("error", () => {}); // the child closes its stdin when it stops
    // The requests never end, so only the closed output can stop the program.
    const line = ndjson([REQUEST]).repeat(500);
    const feed = (): void => {
      while (child.stdin.writable && child.stdin.write(line));
    };
    child.stdin.on("drain", feed);
    feed();
    await once(child.stdout, "data");
    child.stdout.destroy();
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(stderr).toBe("");
  });

  ifWhole(it)("waits for a slow reader", async () => {
    const child = spawn(process.execPath, [MAIN, ...args()]);
    let isFed = false;
    child.stdin.end(ndjson([REQUEST]).repeat(50_000), () => {
      isFed = true;
    });
    await once(child.stdout, "readable");
    // The program has started to answer, and 5 MB do not fit into the buffers between it and the test.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isFed).toBe(false);
    child.stdout.resume();
    expect(await once(child, "close")).toEqual([0, null]);
  });

  describe.each(
    [
      { command: "replay", because: "a wrong row was printed", list: ["--list"], code: 1 },
      { command: "replay", because: "no row is wrong", list: [], code: 141 },
      { command: "srm", because: "no mismatch was found", list: [], code: 141 },
    ].filter((_, i) => isWhole || i === 1),
  )("$command, whose reader stops early", ({ because, code, command, list }) => {
    it(`exits with ${code} because ${because}`, async () => {
      const config = jsonFile("all-get-a.json", experimentConfig(1));
      const child = spawn(process.execPath, [MAIN, command, "-", "--config", config, ...list]);
      let stderr = "";
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      child.stdin.on("error", () => {}); // the child closes its stdin when it stops
      const rows = Array.from({ length: 500 }, (_, i) => ({
        ...{ featureFlag: "checkout", allocation: "split", timestamp: "2026-02-01T00:00:00Z" },
        ...{ subject: `user-${i}`, variation: list.length > 0 ? "b" : "a" },
      }));
      const feed = (): void => {
        while (child.stdin.writable && child.stdin.write(ndjson(rows)));
      };
      if (list.length > 0) {
        // The rows never end, so only the closed output can stop the program.
        child.stdin.on("drain", feed);
        feed();
        await once(child.stdout, "data");
        child.stdout.destroy();
      } else {
        child.stdout.destroy();
        child.stdin.end(ndjson(rows));
      }
      expect(await once(child, "exit")).toEqual([code, null]);
      expect(stderr).not.toContain("error");
    });
  });
});
