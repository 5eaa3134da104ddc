import { readdirSync } from "node:fs";
import { program } from "../../tsup.config.base.ts";

// Modules that run in separate processes.
const processes = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) =>
    /(?:^|\/)(?:imports\/[^/]+|payload-server|(?:drill|rotation)-worker)\.ts$/.test(file),
  )
  .map((file) => file.replace(".ts", ""));

export default program(["main", "worker", ...processes]);
