import { readdirSync } from "node:fs";
import { program } from "../../tsup.base.ts";

// Modules that run in processes of their own.
const dialects = readdirSync("src/dialects").map((name) => `dialects/${name}`);
const imports = ["imports", ...dialects.map((folder) => `${folder}/imports`)].flatMap((folder) =>
  readdirSync(`src/${folder}`).map((file) => `${folder}/${file.replace(".ts", "")}`),
);

export default program(["main", "worker", "dialects/eppo/payload-server", ...imports]);
