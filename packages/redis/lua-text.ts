import { readFileSync } from "node:fs";
import type { Options } from "tsup";

/**
 * The text of a Lua script as it is embedded: without comments, indentation and blank lines. Comments must
 * stand on lines of their own, so that a string that contains `--` stays what it is.
 */
export function luaText(source: string): string {
  const lines = source.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("--")).join("\n");
}

/** Embeds Lua scripts as strings in a build of tsup: nothing is read from disk at run time. */
export function luaScripts(): NonNullable<Options["esbuildPlugins"]>[number] {
  return {
    name: "lua-scripts",
    setup(build) {
      build.onLoad({ filter: /\.lua$/ }, ({ path }) => ({
        contents: luaText(readFileSync(path, "utf8")),
        loader: "text",
      }));
    },
  };
}
