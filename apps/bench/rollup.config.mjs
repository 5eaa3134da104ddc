import { readdirSync } from "node:fs";
import { program } from "../../rollup.base.mjs";

// Modules that run in processes of their own.
const dialects = readdirSync("src/dialects").map((name) => `dialects/${name}`);
const imports = ["imports", ...dialects.map((folder) => `${folder}/imports`)].flatMap((folder) =>
  readdirSync(`src/${folder}`).map((file) => `${folder}/${file.replace(".ts", "")}`),
);
const { output, ...options } = program([
  "main",
  "worker",
  "dialects/eppo/payload-server",
  ...imports,
]);

// Starts are timed: what other cells need must not be loaded with them, as it would be from one shared file.
const { manualChunks: _, ...inParts } = output;

export default { ...options, output: inParts };
