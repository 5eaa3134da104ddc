import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { installTools } from "../../scripts/tools.mjs";
import { OLDEST_NODE } from "./nodes.ts";
import { makeProject } from "./project.ts";
import { type RunResult, run } from "./run.ts";
import { startServices } from "./services.ts";

const consumer = inject("consumer");
const oldestNode = inject("nodes").find(({ version }) => version === OLDEST_NODE);

/** Modules that users of rollup leave out of a bundle, as docs/guides/serverless.md proposes. */
const ROLLUP_EXTERNAL = "/^undici/";

const BUNDLERS = join(
  installTools("bundlers", {
    "@rollup/plugin-commonjs": "29.0.3",
    "@rollup/plugin-json": "6.1.0",
    "@rollup/plugin-node-resolve": "16.0.3",
    esbuild: "0.27.7",
    rollup: "4.68.7",
    webpack: "5.112.2",
  }),
  "node_modules",
);

type Format = "esm" | "cjs";

/** Per bundler: a program that bundles `main.mjs` into the file named by its arguments. */
const PROGRAMS = {
  esbuild: (format: Format, file: string) => `
    const { buildSync } = require("${BUNDLERS}/esbuild");
    buildSync({
      entryPoints: ["main.mjs"], bundle: true, platform: "node", format: "${format}", outfile: "${file}",
      // Libraries in CommonJS call \`require\`, which a module does not have.
      banner: "${format}" === "esm" ? { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' } : {},
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

async function bundle(name: keyof typeof PROGRAMS, format: Format): Promise<RunResult> {
  const file = format === "esm" ? "bundle.mjs" : "bundle.cjs";
  const cwd = makeProject(
    consumer,
    { "main.mjs": "main.mjs", "application.mjs": "application.mjs" },
    { "bundle.config.cjs": PROGRAMS[name](format, file) },
  );
  const bundled = await run(process.execPath, ["bundle.config.cjs"], { cwd });
  if (bundled.exitCode !== 0) return bundled;
  await using services = await startServices();
  return await run(oldestNode?.file ?? "", [file], { cwd, env: services.env });
}

describe("fault 17 of the packages: a bundle of an application crashes on Node 20", () => {
  describe.each(Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[])("bundled by %s", (name) => {
    it.each(["esm", "cjs"] as const)("an application runs as %s", async (format) => {
      const { exitCode, stdout, stderr } = await bundle(name, format);
      expect({ exitCode, stdout, stderr: exitCode === 0 ? "" : stderr.slice(-2_000) }).toEqual({
        exitCode: 0,
        stdout: "closed\n",
        stderr: "",
      });
    });
  });
});
