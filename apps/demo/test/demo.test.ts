import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ifWhole, isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

function runDemo(...args: string[]): Promise<unknown> {
  const env = { ...process.env, REDIS_SERVER_BIN: "" };
  return promisify(execFile)(process.execPath, [main, ...args], { env });
}

describe("the demo", () => {
  it.each(
    [
      { args: ["--config", "missing.json"], message: "missing.json" },
      { args: ["--nonsense"], message: "--nonsense" },
      { args: ["--workers", "8", "--config", "flags.json"], message: "--workers" },
      { args: ["--keep"], message: "--keep needs --relay" },
    ].filter((_, i) => isInPart(i)),
  )("fails with a message for $args", async ({ args, message }) => {
    await expect(runDemo(...args)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(message),
    });
  });

  ifWhole(it)("exits with 2 and a hint if --workers finds no redis-server", async () => {
    await expect(runDemo("--workers", "8")).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("apt-get install redis-server"),
    });
  });
});
