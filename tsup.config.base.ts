import { defineConfig, type Options } from "tsup";

type Config = ReturnType<typeof defineConfig>;

/** What libraries and programs share. */
const base: Options = {
  target: "node20",
  clean: true,
  splitting: true,
  // tsup strips `node:` otherwise, and some runtimes know these modules by this name alone.
  removeNodeProtocol: false,
  // Optional peers, such as Jest, are not installed here.
  skipNodeModulesBundle: true,
  esbuildPlugins: [failOnWarning()],
};

interface LibraryOptions {
  /** Folders of `tools` whose code and declarations become part of this one. */
  readonly bundled?: readonly string[];
  readonly esbuildPlugins?: NonNullable<Options["esbuildPlugins"]>;
}

/**
 * How a published package is built: ES modules and CommonJS, readable, with declarations for both. Packages import
 * each other by name.
 *
 * @param entries - names of files in `src`, those that `exports` of package.json lists.
 */
export function library(
  entries: readonly string[] = ["index"],
  { bundled = [], esbuildPlugins = [] }: LibraryOptions = {},
): Config {
  return defineConfig({
    ...base,
    entry: entriesOf(entries),
    format: ["esm", "cjs"],
    // `kit` is a part of `internal`, by the package's own name: an entry of few lines that adds no chunk.
    external: [/^@sortition\/\w+\/internal$/],
    noExternal: bundled.map((folder) => new RegExp(`^@sortition/${folder}/`)),
    esbuildPlugins: [...(base.esbuildPlugins ?? []), ...esbuildPlugins],
    // Rollup merges imports and writes CommonJS with plain exports. Without it tsup uses sucrase, which makes a
    // SyntaxError of `a ?? (yield* f())`.
    treeshake: { moduleSideEffects: false },
    // Rollup leaves this mark out where there is no default export; bundlers and Jest read it.
    banner: ({ format }) =>
      format === "cjs"
        ? { js: 'Object.defineProperty(exports, "__esModule", { value: true });' }
        : {},
    esbuildOptions(options, { format }) {
      if (format !== "cjs") return;
      // Jest runs CommonJS in a context without `import()`.
      options.supported = { ...options.supported, "dynamic-import": false };
      // There is `__filename` instead.
      options.define = { ...options.define, "import.meta.url": "undefined" };
    },
    dts: {
      compilerOptions: {
        // `npm run typecheck` checks. Sources are written for `isolatedDeclarations`, so a declaration follows from each
        // file alone.
        noCheck: true,
        stripInternal: true,
        // tsup sets `baseUrl`, which TypeScript 6 refuses without this.
        ignoreDeprecations: "6.0",
        // Declarations of a file that a path leads to are copied; those of a package are imported.
        paths: Object.fromEntries(
          bundled.map((folder) => [`@sortition/${folder}/*`, [`../../tools/${folder}/src/*.ts`]]),
        ),
      },
    },
  });
}

interface ProgramOptions extends Pick<LibraryOptions, "esbuildPlugins"> {
  /** Packages whose code becomes part of this one, because they bring more than the program needs. */
  readonly bundled?: readonly string[];
}

/**
 * How a program is built: ES modules that Node runs. Nothing imports them, so there are no declarations.
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
    // The entries of `test-kit` are TypeScript sources.
    noExternal: ["@sortition/test-kit", ...bundled],
  });
}

function entriesOf(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]));
}

/** Makes each warning of esbuild an error. */
function failOnWarning(): NonNullable<Options["esbuildPlugins"]>[number] {
  return {
    name: "fail-on-warning",
    setup: (build) => void build.onEnd(({ warnings }) => ({ errors: warnings })),
  };
}
