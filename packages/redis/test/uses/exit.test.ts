import { fileURLToPath } from "node:url";
import { hasRedis, startRedis, startWorker } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
const entry = fileURLToPath(new URL("exit-worker.ts", import.meta.url));

describe.skipIf(!hasRedis)("a process that closes none of its uses", () => {
  it("ends by itself, and has appended its exposures", async () => {
    const server = await startRedis();
    const worker = await startWorker({ entry, cwd, options: { url: server.url } });
    expect(await worker.ended).toEqual({ exitCode: 0, signal: null, stdout: "", stderr: "" });
    expect(worker.events).toMatchObject([{ name: "last statement" }]);
    expect(await server.command("XLEN", "sortition:{test}:v1:outbox")).toBe(2);
    await server.close();
  });
});
