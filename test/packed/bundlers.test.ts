import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { installTools } from "../../scripts/tools.mjs";
import { OLDEST_NODE } from "./nodes.ts";
import { makeProject } from "./project.ts";
import { type RunResult, run } from "./run.ts";
import { type Services, startServices } from "./services.ts";
import { newestOf } from "./versions.ts";

const consumer = inject("consumer");
const oldestNode = inject("nodes").find(({ version }) => version === OLDEST_NODE);

/** Modules that docs/guides/serverless.md leaves out of bundles by rollup, and of ES modules by esbuild. */
const ROLLUP_EXTERNAL = "/^undici/";
const ESBUILD_EXTERNAL = ["undici"];

const BUNDLERS = join(
  installTools("bundlers", {
    "@rollup/plugin-commonjs": "29.0.3",
    "@rollup/plugin-json": "6.1.0",
    "@rollup/plugin-node-resolve": "16.0.3",
    esbuild: newestOf("esbuild"),
    rollup: newestOf("Rollup"),
    webpack: newestOf("webpack"),
  }),
  "node_modules",
);

type Format = "esm" | "cjs";

/** Whether the bundle contains everything, or some libraries are external as in the guide. */
type Content = "whole" | "as-the-guide-says";

/** Programs that bundle `main.mjs`, by bundler. */
const PROGRAMS = {
  esbuild: (format: Format, file: string, content: Content) => `
    const { buildSync } = require("${BUNDLERS}/esbuild");
    buildSync({
      entryPoints: ["main.mjs"], bundle: true, platform: "node", format: "${format}", outfile: "${file}",
      external: ${JSON.stringify(format === "esm" && content !== "whole" ? ESBUILD_EXTERNAL : [])},
    });`,
  webpack: (format: Format, file: string) => `
    const webpack = require("${BUNDLERS}/webpack");
    const type = "${format}" === "esm" ? "module" : "commonjs2";
    webpack({
      mode: "production", optimization: { minimize: false }, target: "node20", entry: "./main.mjs",
      experiments: { outputModule: "${format}" === "esm" },
      output: { path: __dirname, filename: "${file}", library: { type }, chunkFormat: type === "module" ? "module" : "commonjs" },
    }, (error, stats) => {
      if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); }
    });`,
  rollup: (format: Format, file: string) => `
    const { rollup } = require("${BUNDLERS}/rollup");
    const { nodeResolve } = require("${BUNDLERS}/@rollup/plugin-node-resolve");
    const commonjs = require("${BUNDLERS}/@rollup/plugin-commonjs");
    const json = require("${BUNDLERS}/@rollup/plugin-json");
    rollup({
      input: "main.mjs", external: ${ROLLUP_EXTERNAL}, onLog() {},
      plugins: [nodeResolve({ preferBuiltins: true }), commonjs(), json()],
    }).then((bundle) => bundle.write({ file: "${file}", format: "${format}", inlineDynamicImports: true }));`,
};

interface BundleOptions {
  readonly format: Format;
  readonly content: Content;
  /** Name in the project → name in `projects/`. */
  readonly files: Readonly<Record<string, string>>;
}

/** Bundles and runs `main.mjs`. */
async function bundle(
  name: keyof typeof PROGRAMS,
  { content, files, format }: BundleOptions,
): Promise<RunResult & { readonly requests: Services["requests"] }> {
  const file = format === "esm" ? "bundle.mjs" : "bundle.cjs";
  const cwd = makeProject(consumer, files, {
    "bundle.config.cjs": PROGRAMS[name](format, file, content),
  });
  const bundled = await run(process.execPath, ["bundle.config.cjs"], { cwd });
  if (bundled.exitCode !== 0) return { ...bundled, requests: {} };
  await using services = await startServices();
  const result = await run(oldestNode?.file ?? "", [file], { cwd, env: services.env });
  return { ...result, requests: services.requests };
}

const APPLICATION = { "main.mjs": "main.mjs", "application.mjs": "application.mjs" };
const POLL_STREAM_SEND = { "main.mjs": "poll-stream-send.mjs" };

describe("fault 17 of the packages: a bundle of an application crashes on Node 20", () => {
  describe.each(Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[])("bundled by %s", (name) => {
    it.each(["esm", "cjs"] as const)("an application runs as %s", async (format) => {
      const { exitCode, stdout, stderr } = await bundle(name, {
        format,
        content: "as-the-guide-says",
        files: APPLICATION,
      });
      expect({ exitCode, stdout, stderr: exitCode === 0 ? "" : stderr.slice(-2_000) }).toEqual({
        exitCode: 0,
        stdout: "closed\n",
        stderr: "",
      });
    });
  });
});

describe("a bundle that is an ES module, without a banner", () => {
  it.each([
    // In CommonJS modules, esbuild replaces `require` with a function that throws.
    { name: "esbuild", content: "whole", warnings: 1 },
    { name: "webpack", content: "whole", warnings: 0 },
    { name: "rollup", content: "as-the-guide-says", warnings: 0 },
  ] as const)("polls, streams and sends by $name", async ({ name, content, warnings }) => {
    const result = await bundle(name, { format: "esm", content, files: POLL_STREAM_SEND });
    const lines = result.stderr.split("\n").filter((line) => line.includes("Warning"));
    expect(lines).toHaveLength(warnings);
    for (const line of lines) expect(line).toMatch(/requests use node:http: .*external: undici/);
    expect(JSON.parse(result.stdout)).toEqual({
      state: "ready",
      lastError: null,
      outcomes: ["updated", "unchanged"],
      failures: [],
    });
    expect(result.requests["FLAGS_URL"]).toBeGreaterThan(12);
    expect(result.requests["GROWTHBOOK_URL"]).toBe(2);
    expect(result.requests["POSTHOG_URL"]).toBe(6);
  });
});

describe("a route for an edge runtime that imports @sortition/node", () => {
  it("can be built, and suggests an alternative when it is loaded", async () => {
    const config = `
      const webpack = require("${BUNDLERS}/webpack");
      webpack({
        mode: "production", optimization: { minimize: false }, target: "webworker", entry: "./main.mjs",
        resolve: { conditionNames: ["edge-light", "import", "require"] },
        output: { path: __dirname, filename: "route.cjs", library: { type: "commonjs2" } },
      }, (error, stats) => {
        if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); }
      });`;
    const main = 'import { init } from "@sortition/node"; init({});';
    const cwd = makeProject(consumer, {}, { "main.mjs": main, "bundle.config.cjs": config });
    const { exitCode, stderr } = await run(process.execPath, ["bundle.config.cjs"], { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const loaded = await run(process.execPath, ["route.cjs"], { cwd });
    expect(loaded.exitCode).toBe(1);
    expect(loaded.stderr).toContain("in an edge runtime, use @sortition/edge");
  });
});
