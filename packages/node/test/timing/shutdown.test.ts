import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Child, type ChildResult, ifWhole, isInPart, startChild } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
/** Longer than `startChild` lets a process run. */
const TOO_LONG_MS = 60_000;

/** Starts a service that runs until a signal ends it. `setUp` runs after the client was created. */
function startService(setUp: string, through: readonly string[] = []): Child {
  const body = JSON.stringify({ flags: {} });
  const script = `
    import { Configuration, createClient, installShutdownHooks } from "@sortition/node";
    const create = (flush) => createClient({
      initialConfiguration: Configuration.from({ flagsConfiguration: ${JSON.stringify(body)} }),
      assignmentLogger: { logAssignment() {}, flush },
    });
    const say = (text) => console.error("\\n@" + text);
    const client = create(async () => say("flushed"));
    client.on("closed", () => say("closed"));
    ${setUp}
    const work = setInterval(() => {}, 1_000);
    say("running");
  `;
  return startChild({ cwd, script, through });
}

/** Starts a command as process 1 of a separate namespace. */
const AS_PROCESS_1 = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
const [UNSHARE = "", ...UNSHARE_OPTIONS] = AS_PROCESS_1;
const canUnshare = spawnSync(UNSHARE, [...UNSHARE_OPTIONS, "true"]).status === 0;

/** Sends a signal to the service, which is the only child of `unshare`. */
async function signalProcess1(service: Child, signal: string): Promise<void> {
  await service.mark("running");
  const children = readFileSync(`/proc/${service.pid}/task/${service.pid}/children`, "utf8");
  process.kill(Number(children), signal);
}

async function signalled(child: Child, signal: NodeJS.Signals): Promise<ChildResult> {
  await child.mark("running");
  child.kill(signal);
  return child.ended;
}

describe.skipIf(!canUnshare)("lifecycle §7 fault 42: installShutdownHooks in process 1", () => {
  it.each(
    [
      { signal: "SIGTERM", exitCode: 143 },
      { signal: "SIGINT", exitCode: 130 },
    ].filter((_, i) => isInPart(i, 1)),
  )("closes the client on $signal and exits with $exitCode", async ({ signal, exitCode }) => {
    const service = startService("installShutdownHooks(client);", AS_PROCESS_1);
    await signalProcess1(service, signal);
    const result = await service.ended;
    expect([...result.marks.keys()]).toEqual(["running", "flushed", "closed"]);
    expect(result).toMatchObject({ exitCode, signal: null });
  });

  ifWhole(it)("exits immediately on a second signal", async () => {
    const service = startService(
      `
        const slow = create(() => { say("flushing"); return new Promise(() => {}); });
        installShutdownHooks(slow, { timeoutMs: ${TOO_LONG_MS} });
      `,
      AS_PROCESS_1,
    );
    await signalProcess1(service, "SIGTERM");
    await service.mark("flushing");
    await signalProcess1(service, "SIGTERM");
    expect(await service.ended).toMatchObject({ exitCode: 143 });
  });

  ifWhole(it)("lets another listener decide when to exit", async () => {
    const foreign = `process.on("SIGTERM", () => setTimeout(() => process.exit(7), 200));`;
    const service = startService(`${foreign} installShutdownHooks(client);`, AS_PROCESS_1);
    await signalProcess1(service, "SIGTERM");
    expect(await service.ended).toMatchObject({ exitCode: 7 });
  });
});

describe("installShutdownHooks", () => {
  it.each((["SIGTERM", "SIGINT"] as const).filter((_, i) => isInPart(i)))(
    "closes the client on %s, and ends the process by that signal",
    async (signal) => {
      const child = startService("installShutdownHooks(client);");
      const result = await signalled(child, signal);
      expect(result).toMatchObject({ exitCode: null, signal, stdout: "" });
      expect([...result.marks.keys()]).toEqual(["running", "flushed", "closed"]);
    },
  );

  it("waits for a slow logger, but a second signal ends the process immediately", async () => {
    const child = startService(`
      const slow = create(() => { say("flushing"); return new Promise(() => {}); });
      installShutdownHooks([client, slow], { timeoutMs: ${TOO_LONG_MS} });
    `);
    await child.mark("running");
    child.kill("SIGTERM");
    await child.mark("flushing");
    child.kill("SIGTERM");
    const result = await child.ended;
    expect(result).toMatchObject({ exitCode: null, signal: "SIGTERM" });
  });

  ifWhole(it)("does not wait beyond its deadline", async () => {
    const child = startService(`
      const slow = create(() => { say("flushing"); return new Promise(() => {}); });
      installShutdownHooks(slow, { timeoutMs: 300 });
    `);
    await child.mark("running");
    const before = performance.now();
    const result = await signalled(child, "SIGTERM");
    expect(result.signal).toBe("SIGTERM");
    // Not from "flushing", which a busy machine may read late.
    expect(performance.now() - before).toBeGreaterThan(250);
  });

  it.each(
    [
      { how: "on", order: "before" },
      { how: "once", order: "before" },
      { how: "once", order: "after" },
    ].filter((_, i) => isInPart(i, 1)),
  )("lets another listener decide when to exit ($how, added $order)", async ({ how, order }) => {
    const foreign = `process.${how}("SIGTERM", () => setTimeout(() => process.exit(7), 200));`;
    const ours = "installShutdownHooks(client);";
    const child = startService(order === "before" ? foreign + ours : ours + foreign);
    const result = await signalled(child, "SIGTERM");
    expect(result).toMatchObject({ exitCode: 7, signal: null });
    expect(result.marks.has("closed")).toBe(true);
  });

  ifWhole(it)("waits for all clients when called once for each", async () => {
    const child = startService(`
      const slow = create(() => new Promise((resolve) => setTimeout(resolve, 200)));
      slow.on("closed", () => say("slow-closed"));
      installShutdownHooks(client);
      installShutdownHooks(slow);
    `);
    const result = await signalled(child, "SIGTERM");
    expect(result.signal).toBe("SIGTERM");
    expect([...result.marks.keys()]).toEqual(expect.arrayContaining(["closed", "slow-closed"]));
  });

  it("flushes once before the process ends on its own", async () => {
    const child = startService(`
      installShutdownHooks(client);
      process.on("beforeExit", () => say("before-exit"));
      setTimeout(() => clearInterval(work), 50);
    `);
    const { exitCode, stderr } = await child.ended;
    expect(exitCode).toBe(0);
    expect(stderr.match(/@flushed/g)).toHaveLength(1);
  });

  ifWhole(
    it.each([
      { options: "", because: "it was uninstalled" },
      {
        options: "{ signals: [], beforeExit: false }",
        because: "the options switch everything off",
      },
    ]),
  )("does nothing when $because", async ({ options }) => {
    const uninstall = options === "" ? "()" : "";
    const child = startService(
      `installShutdownHooks(client${options && `, ${options}`})${uninstall};`,
    );
    const result = await signalled(child, "SIGTERM");
    expect(result.signal).toBe("SIGTERM");
    expect([...result.marks.keys()]).toEqual(["running"]);
  });
});
