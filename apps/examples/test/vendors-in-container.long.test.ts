import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";

const CONTAINER = "unshare --user --map-root-user --pid --fork --kill-child --mount-proc".split(
  " ",
);
const hasContainers = spawnSync(CONTAINER[0]!, [...CONTAINER.slice(1), "true"]).status === 0;
const eppo = new URL("../../../packages/eppo/dist/index.js", import.meta.url).href;

/** Each vendor's program, one import apart: `use` makes an event, `close` is what its documentation says to call at the end. */
const PROGRAMS = [
  {
    vendor: "eppo",
    event: "/logged",
    program: `import { init } from "${eppo}";
      const assignmentLogger = { logAssignment: () => fetch(VENDOR + "/logged", { method: "POST" }) };
      const client = await init({ apiKey: "k", baseUrl: VENDOR, assignmentLogger });
      const use = () => client.getStringAssignment("banner", "user-1", {}, "off");
      const close = () => client.close({ timeoutMs: 2_000 });`,
  },
  {
    vendor: "growthbook",
    event: "/track",
    program: `import { GrowthBook } from "@sortition/growthbook";
      import { growthbookTrackingPlugin } from "@sortition/growthbook/plugins";
      const plugins = [growthbookTrackingPlugin({ ingestorHost: VENDOR, queueFlushInterval: 60_000 })];
      const gb = new GrowthBook({ apiHost: VENDOR, clientKey: "sdk-1", attributes: { id: "user-1" }, plugins });
      await gb.init({ timeout: 1_000 });
      const use = () => gb.isOn("banner");
      const close = () => gb.destroy();`,
  },
  {
    vendor: "amplitude",
    event: "/logged",
    program: `import { Experiment } from "@sortition/amplitude";
      const exposureLogger = { logAssignment: () => fetch(VENDOR + "/logged", { method: "POST" }) };
      const client = Experiment.initializeLocal("k", { serverUrl: VENDOR, exposureLogger });
      await client.start();
      const use = () => client.evaluateV2({ user_id: "user-1" }, ["banner"], { tracksExposure: true });
      const close = () => client.stop({ timeoutMs: 2_000 });`,
  },
  {
    vendor: "posthog",
    event: "/batch/",
    program: `import { PostHog } from "@sortition/posthog";
      const client = new PostHog("phc", { host: VENDOR, flushAt: 100 });
      const use = () => client.capture({ distinctId: "user-1", event: "opened" });
      const close = () => client.shutdown(2_000);`,
  },
];

const SERVER = `
  import { createServer } from "node:http";
  const server = createServer((request, response) => {
    use();
    response.write("begun");
    setTimeout(() => response.end(" and ended"), 700);
  });
  server.listen(0, "127.0.0.1", () => console.log("listening on http://127.0.0.1:" + server.address().port));
  process.once("SIGTERM", async () => {
    server.close();
    await close();
    console.log("closed");
  });`;

const ANSWERS: Readonly<Record<string, unknown>> = {
  "/flag-config/v1/config": {
    createdAt: "2026-01-01T00:00:00.000Z",
    environment: { name: "Test" },
    flags: {
      banner: {
        ...{ key: "banner", enabled: true, variationType: "STRING", totalShards: 10 },
        variations: { on: { key: "on", value: "on" } },
        allocations: [{ key: "all", splits: [{ variationKey: "on", shards: [] }], doLog: true }],
      },
    },
  },
  "/api/features/sdk-1": { features: { banner: { defaultValue: true } } },
  "/sdk/v2/flags": [
    { key: "banner", variants: { on: { key: "on", value: "on" } }, segments: [{ variant: "on" }] },
  ],
};

const posted: string[] = [];
let vendor: Server;
let address = "";
beforeAll(async () => {
  vendor = createServer(({ method, url = "" }, response) => {
    const [path = ""] = url.split("?");
    if (method === "POST") posted.push(path);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(ANSWERS[path] ?? {}));
  });
  await once(vendor.listen(0, "127.0.0.1"), "listening");
  address = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
});
afterAll(() => void vendor.close());

it.each(PROGRAMS)(
  "$vendor: process 1 finishes its open response, sends its events, and ends after SIGTERM",
  async ({ event, program }) => {
    posted.length = 0;
    const script = `const VENDOR = ${JSON.stringify(address)};${program}${SERVER}`;
    const node = [process.execPath, "--input-type=module", "-e", script];
    const [command = "", ...args] = hasContainers ? [...CONTAINER, ...node] : node;
    const child = spawn(command, args, { cwd: fileURLToPath(new URL("..", import.meta.url)) });
    onTestFinished(() => void child.kill("SIGKILL"));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const ended = once(child, "close");
    await expect.poll(() => output, { timeout: 20_000 }).toContain("listening on ");
    const response = await fetch(/http:\S+/.exec(output)?.[0] ?? "");
    // `unshare` waits for Node, and passes no signals on.
    const children = `/proc/${child.pid}/task/${child.pid}/children`;
    process.kill(hasContainers ? Number(readFileSync(children, "utf8")) : child.pid!, "SIGTERM");
    expect(await response.text()).toBe("begun and ended");
    expect(await ended, output).toEqual([0, null]);
    expect(output).toContain("closed");
    expect(posted).toContain(event);
  },
  60_000,
);
