import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sortition-demo-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runDemo(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, REDIS_SERVER_BIN: "" };
  return promisify(execFile)(process.execPath, [main, ...args], { cwd: folder, env });
}

/** The output on the demo's page, in which `…` matches any characters. */
function shownOutput(): RegExp {
  const page = readFileSync(new URL("../../../docs/demo.md", import.meta.url), "utf8");
  const [, shown = ""] = /^```\n(1\. [\s\S]*?)^```$/m.exec(page) ?? [];
  const parts = shown.split("…").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

const ownFlag = {
  key: "own-flag",
  enabled: true,
  variationType: "BOOLEAN",
  totalShards: 10_000,
  variations: { on: { key: "on", value: true } },
  allocations: [{ key: "all", splits: [{ variationKey: "on", shards: [] }], doLog: true }],
};

describe("the demo", () => {
  it("runs with the example shop, prints what its page shows, and writes the exposures", async () => {
    const { stdout } = await runDemo();
    expect(stdout).toMatch(shownOutput());
    const [head, ...lines] = readFileSync(join(folder, "sortition-demo/exposures.csv"), "utf8")
      .trimEnd()
      .split("\n");
    expect(head).toBe(
      "timestamp,experiment,featureFlag,allocation,variation,subject,subjectAttributes,messageId",
    );
    const [, exposures] = /(\d+) exposures are in/.exec(stdout) ?? [];
    expect(lines).toHaveLength(Number(exposures));
  });

  it("runs with the user's own files", async () => {
    const config = join(folder, "flags.json");
    const subjects = join(folder, "subjects.txt");
    writeFileSync(config, JSON.stringify({ format: "SERVER", flags: { "own-flag": ownFlag } }));
    writeFileSync(subjects, 'alice\n\n{"subjectKey":"bob","subjectAttributes":{"plan":"pro"}}\n');
    const { stdout } = await runDemo("--config", config, "--subjects", subjects);
    expect(stdout).toContain("own-flag / all: 2 assigned");
    expect(stdout).toContain("own-flag changed.");
  });
});
