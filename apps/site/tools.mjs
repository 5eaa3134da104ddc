// Installs the dependencies of the site outside the workspace.
import { readFileSync } from "node:fs";
import { installTools } from "../../scripts/tools.mjs";

/** Returns the folder with the site's dependencies in its node_modules. Installs them on the first call. */
export function siteTools() {
  const manifest = readFileSync(new URL("package.json", import.meta.url), "utf8");
  return installTools("site", JSON.parse(manifest).dependencies);
}
