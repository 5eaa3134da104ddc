import { Readable, Writable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { run as runCommand } from "../../src/run.js";
import { EXAMPLE } from "../eppo/eppo-config.js";
import { jsonFile } from "../run.js";

const EVENT = {
  ...{ featureFlag: "new-checkout", subject: "u1", variation: "on", allocation: "pilot" },
  ...{ timestamp: "2026-02-01T00:00:00Z" },
};
const ROWS = [Object.keys(EVENT), Object.values(EVENT)].map((row) => row.join(",")).join("\r\n");

/** What the command prints for events that arrive in chunks of the given size. */
async function linesOf(input: Buffer, pieceBytes: number): Promise<string> {
  const config = jsonFile("flags.json", EXAMPLE);
  const pieces = Array.from({ length: Math.ceil(input.length / pieceBytes) }, (_, i) =>
    input.subarray(i * pieceBytes, (i + 1) * pieceBytes),
  );
  let text = "";
  const output = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  const stdin = Readable.from(pieces);
  await runCommand(["replay", "-", "--config", config, "--dialect", "eppo"], {
    ...{ stdin, stdout: output, stderr: output, env: {} },
  });
  return text;
}

it.each([
  { of: "CSV", input: Buffer.from(ROWS) },
  { of: "CSV after a byte order mark and blank lines", input: Buffer.from(`\ufeff\n\r\n${ROWS}`) },
  { of: "compressed CSV", input: gzipSync(ROWS) },
  { of: "NDJSON after blank lines", input: Buffer.from(`\n\n${JSON.stringify(EVENT)}`) },
])("$of is recognised whatever the size of the first chunk", async ({ input }) => {
  for (const pieceBytes of [1, 2, 3, 7, 10_000]) {
    expect(await linesOf(input, pieceBytes), `${pieceBytes} bytes`).toContain(
      "1 attributes missing",
    );
  }
});
