import { describe, expect, inject, it } from "vitest";
import { run } from "./run.ts";

const consumer = inject("consumer");

async function printed(type: "module" | "commonjs", program: string): Promise<unknown> {
  const args = [`--input-type=${type}`, "--eval", program];
  const { stdout, stderr } = await run(process.execPath, args, { cwd: consumer });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

/** One package of each kind: node, a drop-in, Redis, a logger. Each loads the classes of core. */
const LOADED = ["@sortition/node", "@sortition/posthog", "@sortition/redis", "@sortition/segment"];

const COUNT = `
const classes = new Set();
for (const load of loads) {
  try { load(); } catch (error) { classes.add(Object.getPrototypeOf(error.constructor)); }
}
classes.add(core.SortitionError);
console.log(JSON.stringify({ classes: classes.size, thrown: loads.length }));
`;

/** A mistake in an option of each package throws an error of the core that the package loaded. */
const LOADS = `[
  () => node.createClient({ pollIntervalMS: 1 }),
  () => posthog.posthogSource({ apiKeyy: "x" }),
  () => redis.redis({ rediss: 1 }),
  () => segment.segmentLogger({ writeKeyy: "x" }),
]`;

describe("a program that loads node, a drop-in, redis and a logger", () => {
  it("has one copy of core, as ES modules", async () => {
    const program = `
      import * as core from "@sortition/core";
      import * as node from "@sortition/node";
      import { posthogSource } from "@sortition/posthog/source";
      import * as dropIn from "@sortition/posthog";
      import * as redis from "@sortition/redis";
      import * as segment from "@sortition/segment";
      const posthog = { posthogSource };
      const loads = ${LOADS};
      ${COUNT}`;
    expect(await printed("module", program)).toEqual({ classes: 1, thrown: 4 });
  });

  it("has one copy of core, as CommonJS", async () => {
    const program = `
      const [node, , redis, segment] = ${JSON.stringify(LOADED)}.map((name) => require(name));
      const core = require("@sortition/core");
      const posthog = require("@sortition/posthog/source");
      const loads = ${LOADS};
      ${COUNT}`;
    expect(await printed("commonjs", program)).toEqual({ classes: 1, thrown: 4 });
    const files = `
      for (const name of ${JSON.stringify(LOADED)}) require(name);
      const entries = Object.keys(require.cache).filter((file) => /core[\\\\/]dist[\\\\/]index\\.c?js$/.test(file));
      console.log(JSON.stringify(entries.length));`;
    expect(await printed("commonjs", files)).toBe(1);
  });
});

describe("a program that mixes ES modules and CommonJS has two copies of core, which", () => {
  const mixed = (program: string): Promise<unknown> =>
    printed(
      "module",
      `
      import { createRequire } from "node:module";
      import * as esm from "@sortition/node";
      const require = createRequire(process.cwd() + "/program.mjs");
      const cjs = require("@sortition/node");
      const flagsConfiguration = JSON.stringify({ flags: { f: {
        key: "f", enabled: true, variationType: "STRING", totalShards: 10,
        variations: { on: { key: "on", value: "on" } },
        allocations: [{ key: "all", doLog: false, splits: [{ variationKey: "on", shards: [] }] }],
      } } });
      const silent = { debug() {}, info() {}, warn() {}, error() {} };
      const answerOf = (client) => client.getStringAssignment("f", "s", {}, "default");
      ${program}`,
    );

  it("share the instance of init", async () => {
    const program = `
      const initialConfiguration = esm.Configuration.from({ flagsConfiguration });
      const client = await esm.init({ initialConfiguration, assignmentLogger: null });
      console.log(JSON.stringify([esm.init !== cjs.init, cjs.getInstance() === client, answerOf(cjs.getInstance())]));
      await client.close();`;
    expect(await mixed(program)).toEqual([true, true, "on"]);
  });

  it("serve each other's configurations", async () => {
    const program = `
      const answers = [];
      for (const [of, by] of [[esm, cjs], [cjs, esm]]) {
        const client = by.createClient({ initialConfiguration: of.Configuration.from({ flagsConfiguration }), assignmentLogger: null });
        answers.push(answerOf(client));
        client.setConfiguration(by.Configuration.from({ flagsConfiguration }));
        answers.push(answerOf(client));
        await client.close();
      }
      console.log(JSON.stringify(answers));`;
    expect(await mixed(program)).toEqual(["on", "on", "on", "on"]);
  });

  it("use each other's sources, and report their failures with the status", async () => {
    const program = `
      import { createServer } from "node:http";
      const server = createServer((request, response) => response.writeHead(503).end()).listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const baseUrl = "http://127.0.0.1:" + server.address().port;
      const results = [];
      for (const [of, by] of [[esm, cjs], [cjs, esm]]) {
        const followed = by.createClient({ source: of.staticSource(of.Configuration.from({ flagsConfiguration })), assignmentLogger: null });
        await followed.waitForInitialization();
        results.push(answerOf(followed));
        const origin = of.httpOrigin({ apiKey: "key", baseUrl });
        const failing = by.createClient({ source: of.pollingSource(origin), diagnostics: silent, assignmentLogger: null });
        await failing.refresh();
        results.push(failing.status.lastError.httpStatus);
        await Promise.all([followed.close(), failing.close()]);
      }
      server.close();
      console.log(JSON.stringify(results));`;
    expect(await mixed(program)).toEqual(["on", 503, "on", 503]);
  });

  it("recognise each other's errors with SortitionError.is", async () => {
    const program = `
      const thrownBy = (by) => { try { by.createClient({ pollIntervalMS: 1 }); } catch (error) { return error; } };
      console.log(JSON.stringify([[esm, cjs], [cjs, esm]].map(([of, by]) =>
        [thrownBy(of) instanceof by.SortitionError, by.SortitionError.is(thrownBy(of))])));`;
    expect(await mixed(program)).toEqual([
      [false, true],
      [false, true],
    ]);
  });
});
