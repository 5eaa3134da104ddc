import { readFileSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { expect, it } from "vitest";
import { DIALECTS } from "../../src/dialects/table.js";
import { ndjson, tempFile } from "../run.js";
import { experimentConfig, simulated } from "../srm/simulated.js";
import { countRows } from "./count-command.js";

it("a command of its own writes text, JSON and a page", async () => {
  const events = simulated({ random: () => 0.3, share: 0.5, subjects: 100 });
  const config = tempFile("count.json", JSON.stringify(experimentConfig(0.5)));
  const page = tempFile("count.html", "");
  const outputs = [];
  for (const more of [[], ["--json"]]) {
    let stdout = "";
    const output = new Writable({
      write: (chunk, _, done) => {
        stdout += chunk;
        done();
      },
    });
    const io = {
      stdin: Readable.from([Buffer.from(ndjson(events))]),
      stdout: output,
      stderr: new Writable({ write: (_, __, done) => done() }),
      env: {},
    };
    const args = ["-", "--config", config, "--html", page, ...more];
    expect(await countRows(args, io, DIALECTS)).toBe(0);
    outputs.push(stdout);
  }
  expect(outputs).toEqual(["VARIATION  ROWS\na          100\n", '{"variation":"a","rows":100}\n']);
  expect(readFileSync(page, "utf8")).toContain("<caption>Rows by variation</caption>");
});
