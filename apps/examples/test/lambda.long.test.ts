import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { type LoopbackServer, startLoopbackServer } from "../src/runner/loopback-server.js";

/** A little more than the age at which the example requests the configuration again. */
const FREEZE_MS = 31_000;
const FIRST = readFileSync(new URL("../flags.json", import.meta.url), "utf8");
/** All users get the fast checkout. */
const SECOND = FIRST.replace('"end": 5000', '"end": 10000');
/**
 * A platform that invokes the handler with each line. The time limits of the example take sixty times as long, because on a busy
 * machine a request may take more than the second after which an invocation no longer waits for it.
 */
const PLATFORM = `
  const { setTimeout: startTimer } = globalThis;
  globalThis.setTimeout = (run, ms, ...rest) => startTimer(run, 60 * ms, ...rest);
  import { createInterface } from "node:readline";
  const { handler } = await import(${JSON.stringify(new URL("../dist/eppo/lambda.js", import.meta.url))});
  console.log("started");
  for await (const userId of createInterface({ input: process.stdin })) {
    console.log("answer " + (await handler({ userId })).checkout);
  }
`;

let server: LoopbackServer;
let body: string | null;
let requests: number;

beforeEach(async () => {
  body = FIRST;
  requests = 0;
  server = await startLoopbackServer(
    (_, response) => {
      requests += 1;
      if (body === null) response.writeHead(500).end();
      else response.writeHead(200, { "content-type": "application/json" }).end(body);
    },
    (url) => ({ EPPO_BASE_URL: `${url}/api` }),
  );
});
afterEach(() => server.close());

/** Starts a container, which has answered two invocations. */
async function startContainer() {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", PLATFORM], {
    env: { ...process.env, ...server.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (start: string): Promise<string> => {
    for (;;) {
      const { done, value } = await lines.next();
      if (done) throw new Error("the container ended");
      if (value.startsWith(start)) return value.slice(start.length);
    }
  };
  await next("started");
  return {
    invoke: (): Promise<string> => {
      child.stdin.write("user-3\n");
      return next("answer ");
    },
    freeze: async (): Promise<void> => {
      child.kill("SIGSTOP");
      await delay(FREEZE_MS);
      child.kill("SIGCONT");
    },
  };
}

it("serves a change after it was frozen, and its old configuration in an outage with one request in 30 s", async () => {
  const { freeze, invoke } = await startContainer();
  expect(await invoke()).toBe("standard_checkout");
  expect(requests).toBe(1);
  body = SECOND;
  await freeze();
  expect(await invoke()).toBe("fast_checkout");
  expect(requests).toBe(2);
  body = null;
  await freeze();
  for (let i = 0; i < 5; i++) expect(await invoke()).toBe("fast_checkout");
  expect(requests).toBe(3);
}, 120_000);

it("starts in an outage with default values and one request in 30 s", async () => {
  body = null;
  const { freeze, invoke } = await startContainer();
  for (let i = 0; i < 5; i++) expect(await invoke()).toBe("standard_checkout");
  expect(requests).toBe(1);
  body = SECOND;
  await freeze();
  expect(await invoke()).toBe("fast_checkout");
  expect(requests).toBe(2);
}, 120_000);
