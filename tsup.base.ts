import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "esbuild";
import { minify } from "terser";
import { defineConfig, type Options } from "tsup";
import { luaText } from "./lua.base.ts";

/**
 * `SORTITION_BUILD=scripts` builds what the demo, the examples and the tests run: the same files, but readable, and in
 * place of the declarations files that lead to the sources.
 */
const isFull = process.env["SORTITION_BUILD"] !== "scripts";

const base: Options = {
  format: ["esm", "cjs"],
  target: "node20",
  splitting: false,
  removeNodeProtocol: false,
  skipNodeModulesBundle: true,
  sourcemap: true,
  outExtension: ({ format }) => ({ js: format === "esm" ? ".js" : ".cjs" }),
  plugins: [finished()],
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
function finished(): NonNullable<Options["plugins"]>[number] {
  return {
    name: "finished",
    async renderChunk(bundled, { map: before, path }) {
      const code = withConstants(withPlainExports(withClassNames(bundled)));
      if (!isFull) return { code };
      const { code: small = "", map } = await minify(
        { [path]: code },
        {
          module: path.endsWith(".js"),
          toplevel: true,
          // A caller into which terser inlines a function may become too large for V8 to inline.
          compress: { inline: 1, reduce_funcs: false },
          keep_classnames: true,
          format: { semicolons: false, preserve_annotations: true, max_line_len: 2000 },
          // Without the map before, tsup would name this machine's path as a source.
          sourceMap: { content: typeof before === "string" ? before : JSON.stringify(before) },
        },
      );
      return { code: small, map: map as string };
    },
  };
}

/** esbuild turns `class X {` into `var X = class {`, and terser then renames it. */
function withClassNames(code: string): string {
  const aliases = new Map(
    [...code.matchAll(/^var (\w+) = class (_\1\d*)\b/gm)].map(([, name, alias]) => [alias, name]),
  );
  return code
    .replace(/\b_\w+\b/g, (word) => aliases.get(word) ?? word)
    .replace(/^var (\w+) = class(?! \1\b)(?= |\{)/gm, "var $1 = class $1");
}

/**
 * esbuild turns `const` at the top of a module into `var`. V8 compiles the content of a constant into the
 * code that uses it, so that an evaluation takes 7 % less time (Node 20). What may be assigned again stays.
 */
function withConstants(code: string): string {
  return code.replace(/^var (?=(\w+) = )/gm, (declaration, name: string) => {
    const assignments = new RegExp(
      `(?<![\\w$.])${name}(?:\\s*(?:[-+*/%&|^?<>]*=(?![=>])|\\+\\+|--))|(?:\\+\\+|--)${name}\\b`,
      "g",
    );
    // An `enum` reads its own name before it has a value.
    const isEnum = code.includes(`})(${name} || {});`);
    return code.match(assignments)?.length === 1 && !isEnum ? "const " : declaration;
  });
}

/** esbuild's CommonJS exports are getters, which cost time in each call from another file. */
function withPlainExports(code: string): string {
  const [found, , list = ""] = EXPORTS.exec(code) ?? [];
  if (found === undefined) return code;
  const blank = found.replace(/.+/g, ""); // The source map needs the number of lines unchanged.
  return `${code.replace(found, blank)}\nmodule.exports = {\n${list.replaceAll("() => ", "")}\n};\n`;
}

const EXPORTS =
  /^var (\w+) = \{\};\n__export\(\1, \{\n([^}]*)\n\}\);\nmodule\.exports = __toCommonJS\(\1\);\n/m;

interface Library {
  /** Names of files in `src` that users import. */
  readonly entries?: readonly string[];
  /** The inner file of a module that several entries reach, given its path in `src`. */
  readonly innerFileOf?: (module: string) => string;
  /** Whether the sources in source maps have their comments. Default: true. */
  readonly commentsInMaps?: boolean;
}

/**
 * How a program is built: ESM that Node runs. It is not imported, so it has no declarations.
 *
 * @param entries - names of files in `src`; modules of several entries are in chunks.
 */
export function program(entries: readonly string[] = ["main"]): ReturnType<typeof defineConfig> {
  return defineConfig({
    ...base,
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
  commentsInMaps = true,
}: Library = {}): ReturnType<typeof defineConfig> {
  // Files of an earlier build would be published too.
  rmSync("dist", { recursive: true, force: true });
  const graph = readGraph();
  const owners = ownersOf(graph, entries, innerFileOf);
  checkOrder(graph, owners, entries);
  const files = new Set(owners.values());
  return defineConfig([
    ...(isFull ? [declarations(entries)] : []),
    ...[...files].map((file) => ({
      ...base,
      entry: { [file]: `src/${entries.includes(file) ? file : entries[0]}.ts` },
      esbuildPlugins: [
        ...(entries.includes(file) ? [] : [innerEntry(namesTaken(null, file, graph, owners))]),
        otherFiles(file, graph, owners),
        luaScripts(),
        ...(commentsInMaps ? [] : [withoutComments()]),
        failOnWarning(),
      ],
      async onSuccess() {
        if (!entries.includes(file)) return;
        const declared = `export * from "${isFull ? `./${file}.cjs` : `../src/${file}.js`}";\n`;
        writeFileSync(`dist/${file}.d.ts`, declared);
        if (!isFull) writeFileSync(`dist/${file}.d.cts`, declared);
      },
    })),
  ]);
}

/**
 * Declarations are written once, for CommonJS. Those of the ES modules re-export them (`onSuccess` of the entries).
 * Sources are written for `isolatedDeclarations`: their declarations follow from each file alone, so nothing is checked here
 * (`npm run typecheck` does), and nothing is needed from the packages that a source imports.
 */
function declarations(entries: readonly string[]): Options {
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
      },
    },
  };
}

/** Module → its run-time imports: module and names. */
type Graph = Map<string, { readonly module: string; readonly names: readonly string[] }[]>;
type Owners = ReadonlyMap<string, string>;
type Names = Map<string, Set<string>>;

const root = resolve("src");
const FROM = /^(?:import|export) \{([^}]*)\} from "(\.[^"]+)\.js"/gm;

function readGraph(): Graph {
  const graph: Graph = new Map();
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts")) continue;
    const imports = [...readFileSync(join(root, file), "utf8").matchAll(FROM)].map(
      ([, list = "", from = ""]) => ({
        module: join(file, "..", from),
        names: list
          .split(",")
          .map((name) => name.trim().replace(/ as .*/, ""))
          .filter((name) => name !== "" && !name.startsWith("type ")),
      }),
    );
    graph.set(
      file.replace(/\.ts$/, ""),
      imports.filter(({ names }) => names.length > 0),
    );
  }
  return graph;
}

function ownersOf(
  graph: Graph,
  entries: readonly string[],
  innerFileOf: (module: string) => string,
): Owners {
  const reachedBy = new Map<string, string[]>();
  for (const entry of entries) {
    const reached = new Set([entry]);
    for (const module of reached)
      for (const imported of graph.get(module) ?? []) reached.add(imported.module);
    for (const module of reached) reachedBy.set(module, [...(reachedBy.get(module) ?? []), entry]);
  }
  return new Map(
    [...reachedBy].map(([module, [only = "", ...others]]) => [
      module,
      entries.includes(module) ? module : others.length === 0 ? only : innerFileOf(module),
    ]),
  );
}

/** Throws if inner files import each other in a circle: in CommonJS one of them would see an empty object. */
function checkOrder(graph: Graph, owners: Owners, entries: readonly string[]): void {
  const inner = new Set([...owners.values()].filter((file) => !entries.includes(file)));
  for (const start of inner) {
    const reached = new Set<string>();
    const follow = (file: string): void => {
      for (const imported of filesImportedBy(file, graph, owners)) {
        if (reached.has(imported) || !inner.has(imported)) continue;
        reached.add(imported);
        follow(imported);
      }
    };
    follow(start);
    if (reached.has(start)) throw new Error(`The inner file "${start}" imports itself by another`);
  }
}

function filesImportedBy(file: string, graph: Graph, owners: Owners): ReadonlySet<string> {
  const imported = new Set<string>();
  for (const [importer, owner] of owners)
    for (const { module } of owner === file ? (graph.get(importer) ?? []) : []) {
      const other = owners.get(module);
      if (other !== undefined && other !== file) imported.add(other);
    }
  return imported;
}

/** Per module of the file `from`: the names that `by` imports, or any other file. */
function namesTaken(by: string | null, from: string, graph: Graph, owners: Owners): Names {
  const taken: Names = new Map();
  for (const [importer, owner] of owners)
    for (const { module, names } of graph.get(importer) ?? [])
      if (owner !== from && (by ?? owner) === owner && owners.get(module) === from)
        taken.set(module, new Set([...(taken.get(module) ?? []), ...names]));
  return taken;
}

/** An inner file exports only the names that other files import from it. */
function innerEntry(taken: Names): Plugin {
  return {
    name: "inner-entry",
    setup(build) {
      const contents = reexports(taken);
      build.onLoad({ filter: /^/, namespace: "inner" }, () => ({ contents, resolveDir: root }));
      build.onResolve({ filter: /^/ }, ({ kind, path }) =>
        kind === "entry-point" ? { path, namespace: "inner" } : undefined,
      );
    },
  };
}

/** Imports of modules that another file contains become one import of that file. */
function otherFiles(file: string, graph: Graph, owners: Owners): Plugin {
  return {
    name: "other-files",
    setup(build) {
      const extension = build.initialOptions.format === "cjs" ? "cjs" : "js";
      build.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir, namespace }) => {
        if (kind === "entry-point") return undefined;
        if (namespace === "other") return { path, external: true, sideEffects: false };
        const owner = owners.get(
          join(resolveDir, path)
            .slice(root.length + 1)
            .replace(/\.js$/, ""),
        );
        if (owner === undefined && path.endsWith(".js"))
          return { errors: [{ text: `${path}: not imported as \`import { … } from "….js"\`` }] };
        if (owner === undefined || owner === file) return undefined;
        return { path: owner, namespace: "other", sideEffects: false };
      });
      build.onLoad({ filter: /^/, namespace: "other" }, ({ path }) => {
        const names = [...namesTaken(file, path, graph, owners).values()].flatMap((of) => [...of]);
        const contents = `export { ${[...new Set(names)].join(", ")} } from "./${path}.${extension}";`;
        return { contents, resolveDir: root };
      });
    },
  };
}

function reexports(taken: Names): string {
  return [...taken]
    .map(([module, names]) => `export { ${[...names].join(", ")} } from "./${module}.js";\n`)
    .join("");
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
