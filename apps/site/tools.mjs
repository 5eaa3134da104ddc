// Where the dependencies of the site are: outside of the workspace.
import { readFileSync } from "node:fs";
import { installTools } from "../../scripts/tools.mjs";

/** The folder with the site's dependencies in its node_modules, installed on the first call. */
export function siteTools() {
  const manifest = readFileSync(new URL("package.json", import.meta.url), "utf8");
  return installTools("site", JSON.parse(manifest).dependencies);
}
