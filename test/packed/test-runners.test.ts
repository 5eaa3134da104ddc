import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { installTool, installTools } from "../../scripts/tools.mjs";
import type { NodeBinary } from "./nodes.ts";
import { makeProject } from "./project.ts";
import { type RunResult, run } from "./run.ts";
import { type Services, startServices } from "./services.ts";
import { newestOf, VITEST_ON_OLDEST_NODE } from "./versions.ts";

const nodes = inject("nodes");
const consumer = inject("consumer");

interface Runner {
  readonly name: string;
  run(node: NodeBinary, services: Services): Promise<RunResult>;
}

/** Runs Jest with default options, which compile TypeScript to CommonJS, in a context without `import()`. */
function runJest(
  node: NodeBinary,
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  environment: "node" | "jsdom" = "node",
): Promise<RunResult> {
  const tools = installTools("jest", {
    jest: newestOf("Jest"),
    "@swc/core": "1.16.22",
    "@swc/jest": "0.2.39",
    "jest-environment-jsdom": newestOf("Jest"),
  });
  const transform = { "\\.ts$": join(tools, "node_modules/@swc/jest/index.js") };
  const testEnvironment = join(tools, `node_modules/jest-environment-${environment}`);
  const settings = { rootDir: ".", transform, cacheDirectory: "./cache", testEnvironment };
  const config = JSON.stringify(settings);
  const cwd = makeProject(consumer, files, { "jest.config.json": config });
  return run(node.file, [join(tools, "node_modules/jest/bin/jest.js")], { cwd, env });
}

const jest: Runner = {
  name: "Jest, with CommonJS by swc",
  run: (node, { env }) =>
    runJest(
      node,
      { "application.ts": "application.mjs", "application.test.ts": "jest.test.mjs" },
      env,
    ),
};

const vitest: Runner = {
  name: "vitest",
  run(node, { env }) {
    const tools = installTools("vitest", { vitest: VITEST_ON_OLDEST_NODE });
    const files = { "application.ts": "application.mjs", "application.test.ts": "vitest.test.mjs" };
    const cwd = makeProject(consumer, files);
    const program = join(tools, "node_modules/vitest/vitest.mjs");
    return run(node.file, [program, "run", "--root", cwd], { cwd, env });
  },
};

const nodeTest: Runner = {
  name: "node:test",
  run(node, { env }) {
    const files = { "application.mjs": "application.mjs", "application.test.mjs": "node.test.mjs" };
    const cwd = makeProject(consumer, files);
    return run(node.file, ["--test", "application.test.mjs"], { cwd, env });
  },
};

describe("fault 4 of the packages: no request succeeds under a test runner without `import()`", () => {
  describe.each([jest, vitest, nodeTest])("a project tested by $name", (runner) => {
    it.each(nodes)("polls, logs to three services and closes on Node $version", async (node) => {
      await using services = await startServices();
      const { exitCode, stdout, stderr } = await runner.run(node, services);
      expect({ exitCode, output: exitCode === 0 ? "" : stdout + stderr }).toEqual({
        exitCode: 0,
        output: "",
      });
      expect(services.requests["FLAGS_URL"]).toBeGreaterThanOrEqual(2);
    });
  });
});

describe("a suite of a vendor's user in Jest, with mocks, spies, a stubbed fetch and fake timers", () => {
  it.each(nodes)("passes on Node $version", async (node) => {
    const { exitCode, stderr } = await runJest(node, { "stubs.test.ts": "jest-stubs.test.mjs" });
    expect({ exitCode, output: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, output: "" });
    expect(stderr).toContain("6 passed");
  });
});

describe("a suite of a front end's server in Jest's jsdom environment, whose globals are not Node's", () => {
  it.each(nodes)("passes on Node $version", async (node) => {
    const files = { "jsdom.test.ts": "jest-jsdom.test.mjs" };
    const { exitCode, stderr } = await runJest(node, files, {}, "jsdom");
    expect({ exitCode, output: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, output: "" });
    expect(stderr).toContain("4 passed");
  });
});

describe("fake timers are the time of clients of @sortition/testing", () => {
  it("in Jest", async () => {
    const files = {
      "flag-in-time.ts": "flag-in-time.mjs",
      "fake-timers.test.ts": "jest-fake-timers.test.mjs",
    };
    const { exitCode, stderr } = await runJest(nodes[0] as NodeBinary, files); // the running Node is always in the list
    expect({ exitCode, output: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, output: "" });
    expect(stderr).toContain("1 passed");
  });

  it("in sinon", async () => {
    const tools = installTool("sinon", "21.0.0");
    const cwd = makeProject(consumer, {
      "flag-in-time.mjs": "flag-in-time.mjs",
      "fake-timers.mjs": "sinon-fake-timers.mjs",
    });
    const env = { SINON: join(tools, "package.json") };
    const { exitCode, stderr } = await run(process.execPath, ["fake-timers.mjs"], { cwd, env });
    expect({ exitCode, output: stderr }).toEqual({ exitCode: 0, output: "" });
  });
});
