import type { Options } from "tsup";

/** How a published library is built: ESM and CJS, each with its own declarations. */
export const library = {
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  target: "node20",
  platform: "node",
  // tsup 8 injects `baseUrl`, which TypeScript 6 rejects (TS5101) unless told otherwise.
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
  sourcemap: true,
  clean: true,
  // Entries of one package share their modules, in CJS too: a copy per entry would also copy state and classes.
  splitting: true,
  treeshake: true,
} satisfies Options;

/** How a program is built: one ESM file that Node runs; nobody imports it, so it has no declarations. */
export const program = {
  ...library,
  entry: ["src/main.ts"],
  format: ["esm"],
  dts: false,
} satisfies Options;
