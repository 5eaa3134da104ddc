import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { installTool, installTools } from "../../scripts/tools.mjs";
import { makeProject, placeLibraries } from "./project.ts";
import { run } from "./run.ts";
import { newestOf, versionsOf } from "./versions.ts";

/** One Node of each major version. */
const nodes = new Map(inject("nodes").map((node) => [node.version.split(".", 1)[0], node]));
const consumer = inject("consumer");
const examples = join(import.meta.dirname, "../../apps/examples/src/testing");

/** Number of test files that run concurrently. Each contains the tests of a shop, which change flags with the same keys. */
const FILES = 8;
const ALL = FILES * 14;

const swc = installTools("jest", {
  jest: newestOf("Jest"),
  "@swc/core": "1.16.22",
  "@swc/jest": "0.2.39",
});

const jestOf = (version: string): string =>
  version === newestOf("Jest") ? swc : installTools("jest", { jest: version });

/** Returns a Node that runs this version of vitest. */
const nodeFor = (vitest: string): string | undefined =>
  Number.parseInt(vitest, 10) < 5 ? process.execPath : nodes.get("v22")?.file;

/** Creates a project from the example, with several copies of its test file. */
function makeShop(
  texts: Readonly<Record<string, string>>,
  compile: (source: string) => { readonly text: string; readonly extension: string },
  files = FILES,
): string {
  const cwd = makeProject(consumer, {}, texts);
  const place = (source: string, name: string): void => {
    const { extension, text } = compile(readFileSync(join(examples, source), "utf8"));
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, `${name}.${extension}`), text);
  };
  place("shop/shop.ts", "shop/shop");
  for (let i = 1; i <= files; i++) place("vitest.test.ts", `shop-${i}.test`);
  return cwd;
}

const asWritten = (text: string) => ({ text, extension: "ts" });

/** Returns the example with Jest's modules instead of vitest's. */
const asJest = (source: string) =>
  asWritten(source.replace('from "vitest"', 'from "@jest/globals"').replace("/vitest", "/jest"));

/** Installs a tool's module in a project, next to the package that imports it. */
function installBeside(cwd: string, tools: string, name: string): string {
  const module = join(tools, "node_modules", name);
  placeLibraries(consumer, cwd, ["testing"], { [name]: module });
  return join(cwd, "node_modules", name);
}

/** Runs a program, and returns its output without the lines that every run prints. */
async function printedBy(
  args: readonly string[],
  cwd: string,
  usual: RegExp,
  node: string = process.execPath,
): Promise<readonly string[]> {
  const { exitCode, stderr, stdout } = await run(node, args, { cwd, env: { NO_COLOR: "1" } });
  const lines = `${stdout}${stderr}`.split("\n").map((line) => line.trim().replace(/ +/g, " "));
  return [...lines.filter((line) => line !== "" && !usual.test(line)), `exit code ${exitCode}`];
}

describe(`${FILES} test files of a shop pass concurrently, and print nothing,`, () => {
  it.each(versionsOf("Jest"))("in Jest %s, as CommonJS by swc", async (version) => {
    const config = JSON.stringify({
      rootDir: ".",
      transform: {
        "\\.ts$": [
          join(swc, "node_modules/@swc/jest/index.js"),
          { jsc: { parser: { syntax: "typescript" } } },
        ],
      },
      moduleNameMapper: { "^(\\..*)\\.js$": "$1" },
      cacheDirectory: "./cache",
    });
    const cwd = makeShop({ "jest.config.json": config }, asJest);
    const program = join(jestOf(version), "node_modules/jest/bin/jest.js");
    const usual = /^(PASS .*|Snapshots: .*|Time: .*|Ran all test suites\.)$/;
    expect(await printedBy([program, "--maxWorkers=2"], cwd, usual)).toEqual([
      `Test Suites: ${FILES} passed, ${FILES} total`,
      `Tests: ${ALL} passed, ${ALL} total`,
      "exit code 0",
    ]);
  });

  it.each(versionsOf("vitest"))("in vitest %s, in threads that share modules", async (version) => {
    const cwd = makeShop({}, asWritten);
    const runner = installBeside(cwd, installTools("vitest", { vitest: version }), "vitest");
    const args = [join(runner, "vitest.mjs"), "run", "--pool=threads", "--no-isolate"];
    const usual = /^(RUN .*|✓ .*|Start at .*|Duration .*)$/;
    expect(await printedBy(args, cwd, usual, nodeFor(version))).toEqual([
      `Test Files ${FILES} passed (${FILES})`,
      `Tests ${ALL} passed (${ALL})`,
      "exit code 0",
    ]);
  });
});

describe("the tests of a shop", () => {
  it.each(versionsOf("Jest"))("compile with the declarations of Jest %s", async (version) => {
    const compilerOptions = {
      ...{ module: "nodenext", moduleResolution: "nodenext", target: "ES2022", types: [] },
      ...{ noEmit: true, skipLibCheck: true, strict: true },
    };
    const texts = { "tsconfig.json": JSON.stringify({ compilerOptions }) };
    const cwd = makeShop(texts, asJest, 1);
    installBeside(cwd, jestOf(version), "@jest");
    const tsc = join(
      installTool("typescript", newestOf("TypeScript")),
      "node_modules/typescript/bin/tsc",
    );
    expect(await printedBy([tsc, "-p", cwd], cwd, /^$/)).toEqual(["exit code 0"]);
  });
});
