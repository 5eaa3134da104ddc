import { readdirSync } from "node:fs";
import { program } from "../../rollup.base.mjs";

const imports = readdirSync("src/imports").map((file) => `imports/${file.replace(".ts", "")}`);

export default program(["main", "worker", "payload-server", ...imports]);
