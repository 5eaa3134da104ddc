import { readFileSync } from "node:fs";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

const SOURCES = "src/function/library";
const DIALECTS: readonly string[] = ["eppo", "growthbook", "amplitude", "posthog", "datadog"];

/**
 * Builds what `sortition function` writes for warehouses: a script for each dialect, with the engine inside.
 *
 * These are the only minified files of the packages, because warehouses limit the text of a function. They have the
 * syntax of 2019, because no warehouse promises a newer one.
 */
export function functionLibraries(): Plugin {
  return {
    name: "function-libraries",
    setup(build) {
      build.onEnd(async () => {
        const { warnings } = await build.esbuild.build({
          entryPoints: DIALECTS.map((name) => `${SOURCES}/${name}.ts`),
          outdir: "dist/function",
          bundle: true,
          minify: true,
          format: "iife",
          globalName: "SortitionLibrary",
          target: "es2019",
          platform: "neutral",
          mainFields: ["module"],
          inject: [`${SOURCES}/language.ts`],
          define: { "Object.hasOwn": "hasOwn", globalThis: "globalObject" },
          tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
          plugins: [shorterSources()],
          mangleProps: /^private_/,
          mangleQuoted: true,
          legalComments: "none",
          // Otherwise "\n" becomes a template with a line break, and a statement is easier to review if the engine is one line.
          supported: { "template-literal": false },
        });
        return { errors: warnings };
      });
    },
  };
}

/**
 * Makes plain members of private ones, whose names are shortened. Otherwise esbuild makes a `WeakMap` of each, which takes
 * 5 kB and time. A private name that is left over is an error of esbuild, since it is declared nowhere.
 *
 * Also drops the names that other SDKs give to options, another 6 kB, because nobody writes options for these functions.
 */
function shorterSources(): Plugin {
  return {
    name: "shorter-sources",
    setup(build) {
      build.onLoad({ filter: /\.[jt]s$/ }, ({ path }) => ({
        contents: readFileSync(path, "utf8")
          .replace(/(?<=^var FOREIGN_OPTIONS = )\[[\s\S]*?^\];/m, "[];")
          .replace(/(?<=^var \w+_OPTION_HINTS = )\{[\s\S]*?^\};/gm, '{ page: "", names: {} };')
          .replace(/#(\w+)(?= in )/g, '"private_$1"')
          .replace(/(?<=\.|^\s*(?:(?:static|get|set|async|readonly) )*\*?)#(?=\w)/gm, "private_"),
        loader: "ts",
      }));
    },
  };
}
