import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Plugin } from "esbuild";
import { minify } from "terser";
import { defineConfig, type Options } from "tsup";
import { luaText } from "../lua-text.ts";
import { finish } from "./finish.ts";
import { type FirstRun, marked, parenthesized } from "./first-run.ts";
import {
  checkEntries,
  checkOrder,
  filesElsewhere,
  hasCopy,
  innerEntry,
  type Layout,
  laterModules,
  otherFiles,
  ownersOf,
  readGraph,
  withoutCopied,
} from "./inner-files.ts";
import { LAYOUTS } from "./layouts.ts";

/**
 * `SORTITION_BUILD=scripts` builds what the demo, the examples and the tests run: the same files, but readable, and in
 * place of the declarations files that lead to the sources.
 */
const isFull = process.env["SORTITION_BUILD"] !== "scripts";

/** Written by `scripts/first-run.mjs`. A package without a list has no functions in parentheses. */
const firstRun: FirstRun =
  JSON.parse(readFileSync("../../config/build/first-run.json", "utf8"))[basename(resolve())] ?? {};

const base: Options = {
  format: ["esm", "cjs"],
  target: "node20",
  splitting: false,
  removeNodeProtocol: false,
  skipNodeModulesBundle: true,
  sourcemap: true,
  outExtension: ({ format }) => ({ js: format === "esm" ? ".js" : ".cjs" }),
  plugins: [finished(isFull)],
  esbuildOptions(options, { format }) {
    // Jest runs CommonJS in a context without `import()`.
    if (format === "cjs") {
      options.supported = { ...options.supported, "dynamic-import": false };
      // There is `__filename` instead.
      options.define = { ...options.define, "import.meta.url": "undefined" };
    }
    // The content of the sources is published once; both maps have file, line and name.
    options.sourcesContent = format === "esm";
  },
};

/** tsup's own `minify: "terser"` loses `"use strict"` and keeps the source map of the code before. */
function finished(isSmall: boolean): NonNullable<Options["plugins"]>[number] {
  return {
    name: "finished",
    async renderChunk(bundled, { map: before, path }) {
      const code = finish(bundled);
      if (!isSmall) return { code };
      const { code: small = "", map } = await minify(
        { [path]: marked(code, firstRun) },
        {
          module: path.endsWith(".js"),
          toplevel: true,
          // A caller into which terser inlines a function may become too large for V8 to inline.
          compress: { inline: 1, reduce_funcs: false },
          keep_classnames: true,
          format: {
            // V8 keeps a file in two bytes a character if one of them is not Latin.
            ascii_only: true,
            semicolons: false,
            preserve_annotations: true,
            max_line_len: 2000,
          },
          // Without the map before, tsup would name this machine's path as a source.
          sourceMap: { content: typeof before === "string" ? before : JSON.stringify(before) },
        },
      );
      return { code: parenthesized(small), map: map as string };
    },
  };
}

interface Library extends Partial<Layout> {
  /** The file of a module that several entries reach, if there is no `fileOf`. The others are in the file of their entry. */
  readonly innerFileOf?: (module: string) => string;
  /**
   * Whether its code is published as it is read, without source maps: for a package that only tests load. Default: false.
   */
  readonly isReadable?: boolean;
  /**
   * What the declarations of an entry's ES module say besides: an augmentation of a module merges with the declarations that
   * the same kind of import finds, and all others are written for CommonJS.
   */
  readonly augmentations?: Readonly<Record<string, string>>;
  /** Folders of packages whose sources become part of this one. A single module of this package imports each of theirs. */
  readonly bundled?: readonly string[];
}

/**
 * How a program is built: ESM that Node runs. It is not imported, so it has no declarations.
 *
 * @param entries - names of files in `src`; modules of several entries are in chunks.
 * @param sourcesInMaps - whether source maps have the content of the sources, beside file, line and name.
 */
export function program(
  entries: readonly string[] = ["main"],
  { sourcesInMaps = true }: { readonly sourcesInMaps?: boolean } = {},
): ReturnType<typeof defineConfig> {
  return defineConfig({
    ...base,
    esbuildOptions(options) {
      options.sourcesContent = sourcesInMaps;
    },
    format: ["esm"],
    entry: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
    splitting: true,
    // A package of sources, which programs that start servers import too. When it changes turbo builds everything again,
    // because the workspace itself depends on it.
    noExternal: ["@sortition/test-kit"],
    clean: true,
    plugins: [],
    esbuildPlugins: [failOnWarning()],
  });
}

/** How a published package is built. Modules of several entries are in one inner file, or in a few. */
export function library({
  entries = ["index"],
  innerFileOf = () => "shared",
  fileOf = (module, [only = "", ...others]) => (others.length === 0 ? only : innerFileOf(module)),
  isCopied,
  isReadable = false,
  augmentations = {},
  bundled = [],
}: Library = {}): ReturnType<typeof defineConfig> {
  // Files of an earlier build would be published too.
  rmSync("dist", { recursive: true, force: true });
  const root = resolve("src");
  const all = readGraph(root);
  const graph = withoutCopied(all, isCopied);
  const later = laterModules(root);
  const owners = ownersOf(graph, { entries, fileOf }, later);
  const begins = new Map([...later].map(([module, file]) => [file, module]));
  for (const entry of entries) begins.set(entry, entry);
  if (begins.size < later.size + entries.length) {
    throw new Error("Two modules that are loaded later, or one and an entry, have one name");
  }
  checkOrder(graph, owners);
  checkEntries(graph, owners, begins.keys());
  const files = new Set(owners.values());
  /** The one file whose source map has the content of a module. */
  const contentIn = (module: string): string | undefined =>
    owners.get(module) ?? [...files].find((file) => hasCopy(file, module, all, owners));
  const elsewhere = (["core", "node"] as const).filter((folder) => folder !== basename(resolve()));
  return defineConfig([
    ...(isFull ? [declarations(entries, bundled)] : []),
    ...[...files].map((file) => ({
      ...base,
      sourcemap: !isReadable,
      plugins: [finished(isFull && !isReadable)],
      noExternal: [...bundled, ...elsewhere].map(
        (folder) => new RegExp(`^@sortition/${folder}(?:/|$)`),
      ),
      entry: { [file]: `src/${begins.get(file) ?? entries[0]}.ts` },
      esbuildPlugins: [
        ...(begins.has(file) ? [] : [innerEntry(root, file, graph, owners)]),
        otherFiles(root, file, graph, owners, isCopied),
        sourcesOf(bundled),
        ...elsewhere.map((folder) => filesElsewhere(folder, LAYOUTS[folder])),
        luaScripts(),
        withoutComments(),
        failOnWarning(),
      ],
      async onSuccess() {
        if (isFull && !isReadable) forgetContents(file, (module) => contentIn(module) === file);
        if (!entries.includes(file)) return;
        const declared = `export * from "${isFull ? `./${file}.cjs` : `../src/${file}.js`}";\n`;
        writeFileSync(`dist/${file}.d.ts`, declared + (isFull ? (augmentations[file] ?? "") : ""));
        if (!isFull) writeFileSync(`dist/${file}.d.cts`, declared);
      },
    })),
  ]);
}

/** Takes the content of sources out of the source map of a file that are published with another one, or another package. */
function forgetContents(file: string, isKept: (module: string) => boolean): void {
  const path = `dist/${file}.js.map`;
  const map: { sources: string[]; sourcesContent: (string | null)[] } = JSON.parse(
    readFileSync(path, "utf8"),
  );
  for (const [i, source] of map.sources.entries()) {
    if (source.startsWith("../src/") && !source.endsWith(".ts")) continue;
    const [, module] = /^\.\.\/src\/(.*)\.ts$/.exec(source) ?? [];
    if (module === undefined || !isKept(module)) map.sourcesContent[i] = null;
  }
  writeFileSync(path, JSON.stringify(map));
}

/**
 * Declarations are written once, for CommonJS. Those of the ES modules re-export them (`onSuccess` of the entries).
 * Sources are written for `isolatedDeclarations`: their declarations follow from each file alone, so nothing is checked here
 * (`npm run typecheck` does), and nothing is needed from the packages that a source imports.
 */
function declarations(entries: readonly string[], bundled: readonly string[]): Options {
  return {
    entry: entries.map((entry) => `src/${entry}.ts`),
    format: ["cjs"],
    dts: {
      only: true,
      compilerOptions: {
        noCheck: true,
        stripInternal: true,
        // tsup sets `baseUrl`, which TypeScript 6 refuses without this.
        ignoreDeprecations: "6.0",
        // The declarations of a file that is reached by a path are copied; those of a package are not.
        paths: Object.fromEntries(
          bundled.flatMap((folder) => [
            [`@sortition/${folder}`, [`../${folder}/src/index.ts`]],
            [`@sortition/${folder}/*`, [`../${folder}/src/*.ts`]],
          ]),
        ),
      },
    },
  };
}

/** Imports of bundled packages lead to their sources: a build waits for no other one. */
function sourcesOf(folders: readonly string[]): Plugin {
  return {
    name: "sources",
    setup(build) {
      build.onResolve({ filter: /^@sortition\// }, ({ path }) => {
        const [, folder = "", entry = "index"] = path.split("/");
        if (!folders.includes(folder)) return undefined;
        return { path: resolve("..", folder, "src", `${entry}.ts`), sideEffects: false };
      });
    },
  };
}

/** Embeds Lua scripts as strings: nothing is read from disk at run time. */
function luaScripts(): Plugin {
  return {
    name: "lua-scripts",
    setup(build) {
      // With its line breaks, which minifiers keep in a tagged template alone: Node prints the whole source
      // line of an uncaught error.
      build.onLoad({ filter: /\.lua$/ }, ({ path }) => ({
        contents: `export default String.raw\`${luaText(readFileSync(path, "utf8"))}\`;`,
        loader: "js",
      }));
    },
  };
}

/** Leaves lines empty that are comments alone, so that the sources in source maps are smaller, with the same line numbers. */
function withoutComments(): Plugin {
  const comments = /^[ \t]*(?:\/\*\*[\s\S]*?\*\/|\/\/.*)$/gm;
  return {
    name: "without-comments",
    setup(build) {
      build.onLoad({ filter: /\.ts$/, namespace: "file" }, ({ path }) => ({
        contents: readFileSync(path, "utf8").replace(comments, (it) => it.replace(/[^\n]+/g, "")),
        loader: "ts",
      }));
    },
  };
}

/** Makes each warning an error. */
function failOnWarning(): Plugin {
  return {
    name: "fail-on-warning",
    setup(build) {
      build.onEnd(({ warnings }) => ({ errors: warnings }));
    },
  };
}
