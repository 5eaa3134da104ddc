import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { machineMs } from "../src/redis/machine-clock.js";
import { hasRedis } from "../src/redis/server.js";
import { startWorker } from "../src/redis/worker-process.js";

const entry = fileURLToPath(new URL("echo-worker.ts", import.meta.url));
const cwd = fileURLToPath(new URL("..", import.meta.url));

describe("startWorker", () => {
  it("runs a module in a process that reports, replies and ends", async () => {
    const startMs = machineMs();
    const worker = await startWorker({ entry, cwd, options: { greeting: "hello" } });
    const started = await worker.event(({ name }) => name === "started");
    expect(started).toMatchObject({ greeting: "hello" });
    expect(started.atMs).toBeGreaterThan(startMs);
    expect(started.atMs).toBeLessThan(machineMs());
    expect(await worker.ask("double", 21)).toBe(42);
    await expect(worker.ask("fail")).rejects.toThrow("on request");
    await expect(worker.ask("nothing")).rejects.toThrow("unknown request nothing");
    await worker.ask("reject");
    const fault = await worker.event(({ name }) => name === "unhandled-rejection");
    expect(fault).toMatchObject({ message: "Error: nobody listens" });
    expect(worker.isRunning).toBe(true);
    await expect(worker.ask("end")).rejects.toThrow("the worker ended");
    expect(await worker.ended).toEqual({ exitCode: 0, signal: null, stdout: "", stderr: "" });
    await expect(worker.ask("double", 1)).rejects.toThrow("the worker has ended");
  });

  it("no longer checks events after one has matched", async () => {
    const worker = await startWorker({ entry, cwd, options: { greeting: "hello" } });
    const asked: string[] = [];
    await worker.event(({ name }) => asked.push(name) > 0);
    await worker.ask("reject");
    await worker.event(({ name }) => name === "unhandled-rejection");
    await worker.ask("end").catch(() => {});
    await worker.ended;
    expect(asked).toEqual(["started"]);
  });

  it("rejects when the worker ends before the expected event", async () => {
    const worker = await startWorker({ entry, cwd, options: { greeting: "hello" } });
    const never = worker.event(({ name }) => name === "never");
    worker.kill("SIGKILL");
    await expect(never).rejects.toThrow("the worker ended");
    expect(await worker.ended).toMatchObject({ exitCode: null, signal: "SIGKILL" });
    expect(worker.isRunning).toBe(false);
  });
});

describe.skipIf(!hasRedis)("startRedis", () => {
  it("starts a server that ends when the process is killed that started it", async () => {
    const worker = await startWorker({ entry, cwd, options: { greeting: "hello" } });
    const pid = (await worker.ask("startRedis")) as number;
    expect(process.kill(pid, 0)).toBe(true);
    worker.kill("SIGKILL");
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"));
  });
});
