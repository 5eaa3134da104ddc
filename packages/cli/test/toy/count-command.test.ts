import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DIALECTS } from "../../src/dialects/table.js";
import { jsonFile, ndjson, type Run, runWith, tempFile } from "../run.js";
import { experimentConfig, simulated } from "../srm/simulated.js";
import { countRows } from "./count-command.js";

const ROWS = simulated({ random: () => 0.3, share: 0.5, subjects: 100 });
const SEARCHES = ROWS.slice(0, 20).map((row) => ({ ...row, featureFlag: "search" }));

async function countOf(more: readonly string[] = []): Promise<Run> {
  const config = jsonFile("count.json", experimentConfig(0.5));
  const args = ["-", "--config", config, "--dialect", "eppo", ...more];
  return await runWith((io) => countRows(args, io, DIALECTS), ndjson([...ROWS, ...SEARCHES]));
}

describe("a command of its own", () => {
  it("writes text, JSON and a page", async () => {
    const page = tempFile("count.html", "");
    const text = await countOf(["--html", page]);
    expect(text).toEqual({
      exitCode: 0,
      stdout: "FLAG      VARIATION  ROWS\ncheckout  a          100\nsearch    a          20\n",
      stderr: "",
    });
    expect((await countOf(["--json"])).stdout).toBe(
      ndjson([
        { flag: "checkout", variation: "a", rows: 100 },
        { flag: "search", variation: "a", rows: 20 },
      ]),
    );
    const html = readFileSync(page, "utf8");
    expect(html).toContain("<caption>Rows by flag and variation</caption>");
    expect(html).toMatch(/count\.json, revision \w+</);
  });

  it("reads only the rows that the shared options select", async () => {
    const { stderr, stdout } = await countOf(["--json", "--flags", "checkout"]);
    expect(stdout).toBe(ndjson([{ flag: "checkout", variation: "a", rows: 100 }]));
    expect(stderr).toBe("skipped 20 exposures of other flags\n");
    const parts = ["1/2", "2/2"].map((part) => countOf(["--json", "--part", part]));
    const counts = (await Promise.all(parts)).map((it) =>
      JSON.parse(it.stdout.split("\n")[0] ?? ""),
    );
    const [first, second] = counts.map(({ rows }) => rows);
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(0);
    expect(first + second).toBe(100);
  });
});
