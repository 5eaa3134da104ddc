import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Bundles an ES module for a child process. It can use the exports of a module in `src`.
 *
 * @param module - relative to `src`.
 */
export async function scriptWith(module: string, script: string): Promise<string> {
  bundles[module] ??= bundleOf(module);
  return (await bundles[module]) + script;
}

const bundles: Record<string, Promise<string>> = {};

async function bundleOf(module: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from "./${module}";`,
      resolveDir: fileURLToPath(new URL("../../src", import.meta.url)),
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "esm",
    globalName: "subject",
    write: false,
  });
  const [file] = outputFiles;
  return (file?.text ?? "").replace(/^export \{[^}]*\};$/m, "");
}
