// Builds the site from the pages (VitePress) and the API reference, which TypeDoc has already written to `.docs/`. With `--test`,
// followed by arguments of vitest, also tests the site in a browser.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stage } from "./stage.mjs";
import { siteTools } from "./tools.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "apps/site/dist");

const tools = siteTools();
// Next to node_modules, so that VitePress can be resolved from there.
const content = join(tools, "content");
stage(root, content);
const reference = join(root, ".docs");
if (!existsSync(reference)) throw new Error("no .docs: run `npm run docs` first");
cpSync(reference, join(content, "public/api"), { recursive: true });

rmSync(dist, { recursive: true, force: true });
const vitepress = join(tools, "node_modules/vitepress/bin/vitepress.js");
const { status } = spawnSync(process.execPath, [vitepress, "build", content, "--outDir", dist], {
  cwd: content,
  stdio: "inherit",
});
if (status === 0) console.log(`wrote ${dist}`);
process.exitCode = status ?? 1;
const [test, ...args] = process.argv.slice(2);
if (status === 0 && test === "--test") {
  const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run"];
  const config = ["--config", join(root, "apps/site/vitest.site.config.ts")];
  const tests = spawnSync(process.execPath, [...vitest, ...config, ...args], {
    cwd: root,
    stdio: "inherit",
  });
  process.exitCode = tests.status ?? 1;
}
