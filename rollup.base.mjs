// @ts-check
import { rmSync } from "node:fs";
import { isAbsolute } from "node:path";
import json from "@rollup/plugin-json";
import terser from "@rollup/plugin-terser";
import dts from "rollup-plugin-dts";
import esbuild from "rollup-plugin-esbuild";

/** @import { GetModuleInfo, OutputOptions, RollupOptions } from "rollup" */

/**
 * How a published library is built: ESM and CJS, each with its own declarations.
 *
 * @param {{ entries?: readonly string[], tsconfig?: string }} [options] - names of files in `src`.
 * @returns {RollupOptions[]}
 */
export function library({ entries = ["index"], tsconfig = "tsconfig.json" } = {}) {
  const input = inputOf(entries);
  const compilerOptions = { stripInternal: true };
  return [
    {
      input,
      external: isForeign,
      onLog: failOnWarning,
      plugins: [clean(), typescript(tsconfig), json(), minified()],
      output: [
        { ...output("es", "js"), sourcemap: true },
        { ...output("cjs", "cjs"), sourcemap: true },
      ],
    },
    {
      input,
      external: isForeign,
      // What is marked `@internal` is no part of the declarations, nor are the types that only it needs.
      plugins: [dts({ tsconfig, compilerOptions }), declarationsForModules()],
      output: output("es", "d.cts"),
    },
  ];
}

/**
 * How a program is built: ESM that Node runs; nobody imports it, so it has no declarations.
 *
 * @param {readonly string[]} [entries] - names of files in `src`.
 * @returns {RollupOptions}
 */
export function program(entries = ["main"]) {
  return {
    input: inputOf(entries),
    external: isForeign,
    onLog: failOnWarning,
    plugins: [clean(), typescript("tsconfig.json"), json()],
    output: { ...output("es", "js"), sourcemap: true },
  };
}

/** @type {NonNullable<RollupOptions["onLog"]>} */
function failOnWarning(level, log, handle) {
  // A benchmark imports an empty module, to see what that costs.
  handle(level === "warn" && log.code !== "EMPTY_BUNDLE" ? "error" : level, log);
}

/** @param {readonly string[]} entries */
function inputOf(entries) {
  return Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`]));
}

/**
 * Entries of a package share one file, in CJS too: a copy per entry would also copy state and classes.
 * One, because each file takes Node a third of a millisecond to import.
 *
 * @param {"es" | "cjs"} format
 * @param {string} extension
 * @returns {OutputOptions}
 */
function output(format, extension) {
  return {
    dir: "dist",
    format,
    generatedCode: { preset: "es2015", symbols: false },
    // No export is ever assigned anew.
    externalLiveBindings: false,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `[name].${extension}`,
    manualChunks: (id, { getModuleInfo }) =>
      entriesReaching(id, getModuleInfo).size > 1 ? "shared" : null,
  };
}

/**
 * @param {string} id
 * @param {GetModuleInfo} getModuleInfo
 */
function entriesReaching(id, getModuleInfo) {
  const seen = new Set([id]);
  for (const at of seen)
    for (const importer of getModuleInfo(at)?.importers ?? []) seen.add(importer);
  return new Set([...seen].filter((at) => getModuleInfo(at)?.isEntry));
}

/** Whatever is imported by its name stays outside. @param {string} id */
function isForeign(id) {
  return !id.startsWith(".") && !isAbsolute(id);
}

/** @param {string} tsconfig */
function typescript(tsconfig) {
  return esbuild({ target: "node20", tsconfig });
}

/**
 * Half the size is half the time to import. Names of classes and methods stay, for stack traces and
 * `console.log`; those of functions are in the source maps.
 */
function minified() {
  return terser({
    // A function that is inlined where we did not write it may be too large for V8 to inline in turn.
    compress: { inline: 1, reduce_funcs: false },
    keep_classnames: true,
    // Bundlers of applications have to know what they may leave out.
    format: { preserve_annotations: true },
  });
}

/** ES modules have the declarations of CommonJS, of which each says the same: a copy is a third of a package. */
function declarationsForModules() {
  return {
    name: "declarations-for-modules",
    /**
     * @this {import("rollup").PluginContext}
     * @param {unknown} _options
     * @param {import("rollup").OutputBundle} bundle
     */
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk" || !chunk.isEntry) continue;
        const source = `export * from "./${chunk.name}.cjs";\n`;
        this.emitFile({ type: "asset", fileName: `${chunk.name}.d.ts`, source });
      }
    },
  };
}

/** What an earlier build left would be published too. */
function clean() {
  return { name: "clean", buildStart: () => rmSync("dist", { recursive: true, force: true }) };
}
