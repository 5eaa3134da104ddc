import { defineConfig, type Options } from "tsup";

type Config = ReturnType<typeof defineConfig>;

/** Options of libraries and programs. */
const base: Options = {
  target: "node20",
  clean: true,
  splitting: true,
  // Keeps the prefix `node:`, because some runtimes know these modules only with it.
  removeNodeProtocol: false,
  // Optional peers, such as Jest, are not installed here.
  skipNodeModulesBundle: true,
  esbuildPlugins: [failOnWarning()],
};

interface LibraryOptions {
  /** Folders of `tools` whose code and declarations are bundled. */
  readonly bundled?: readonly string[];
  readonly esbuildPlugins?: NonNullable<Options["esbuildPlugins"]>;
}

/**
 * Builds a published package as readable ES modules and CommonJS, with declarations for both. Packages import each other by
 * name.
 *
 * @param entries - names of the files in `src` that `exports` of package.json lists.
 */
export function library(
  entries: readonly string[] = ["index"],
  { bundled = [], esbuildPlugins = [] }: LibraryOptions = {},
): Config {
  return defineConfig({
    ...base,
    entry: entriesOf(entries),
    format: ["esm", "cjs"],
    noExternal: bundled.map((folder) => new RegExp(`^@sortition/${folder}/`)),
    esbuildPlugins: [...(base.esbuildPlugins ?? []), ...esbuildPlugins],
    // Uses Rollup, which merges imports and writes CommonJS with plain exports. Without it, tsup uses sucrase, which turns
    // `a ?? (yield* f())` into a SyntaxError.
    treeshake: { moduleSideEffects: false },
    // Bundlers and Jest need this mark, and Rollup omits it if there is no default export.
    banner: ({ format }) =>
      format === "cjs"
        ? { js: 'Object.defineProperty(exports, "__esModule", { value: true });' }
        : {},
    esbuildOptions(options, { format }) {
      if (format !== "cjs") return;
      // Jest runs CommonJS in a context without `import()`.
      options.supported = { ...options.supported, "dynamic-import": false };
      // CommonJS uses `__filename` instead.
      options.define = { ...options.define, "import.meta.url": "undefined" };
    },
    dts: {
      compilerOptions: {
        // `npm run typecheck` checks types. Sources are written for `isolatedDeclarations`, so each declaration depends on its
        // own file only.
        noCheck: true,
        stripInternal: true,
        // tsup sets `baseUrl`, which TypeScript 6 rejects without this option.
        ignoreDeprecations: "6.0",
        // Declarations of files that a path resolves to are copied; those of packages are imported.
        paths: Object.fromEntries(
          bundled.map((folder) => [`@sortition/${folder}/*`, [`../../tools/${folder}/src/*.ts`]]),
        ),
      },
    },
  });
}

interface ProgramOptions extends Pick<LibraryOptions, "esbuildPlugins"> {
  /** Packages whose code is bundled, because the program needs only a part of them. */
  readonly bundled?: readonly string[];
}

/**
 * Builds a program as ES modules for Node. It has no declarations, because nothing imports it.
 *
 * @param entries - names of files in `src`.
 */
export function program(
  entries: readonly string[] = ["main"],
  { bundled = [], esbuildPlugins = [] }: ProgramOptions = {},
): Config {
  return defineConfig({
    ...base,
    entry: entriesOf(entries),
    format: ["esm"],
    esbuildPlugins: [...(base.esbuildPlugins ?? []), ...esbuildPlugins],
    // Entries of `test-kit` are TypeScript sources, so they must be bundled.
    noExternal: ["@sortition/test-kit", ...bundled],
  });
}

function entriesOf(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]));
}

/** Treats esbuild's warnings as errors. */
function failOnWarning(): NonNullable<Options["esbuildPlugins"]>[number] {
  return {
    name: "fail-on-warning",
    setup: (build) => void build.onEnd(({ warnings }) => ({ errors: warnings })),
  };
}
