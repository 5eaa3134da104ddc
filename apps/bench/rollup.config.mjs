import { readdirSync } from "node:fs";
import { program } from "../../rollup.base.mjs";

const imports = readdirSync("src/imports").map((file) => `imports/${file.replace(".ts", "")}`);
const { output, ...options } = program(["main", "worker", "payload-server", ...imports]);

// Starts are timed: what other cells need must not be loaded with them, as it would be from one shared file.
const { manualChunks: _, ...inParts } = output;

export default { ...options, output: inParts };
