// Checks the types of the given TypeScript configurations, one after another: `node ../../scripts/typecheck.mjs tsconfig.json`.
// TypeScript 7, written in Go, takes a fourth of the time. It has no API yet, which the build and some tests need: these,
// and the declarations, are TypeScript 6's.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const tsc = join(import.meta.dirname, "../node_modules/typescript-7/bin/tsc");

for (const configuration of process.argv.slice(2)) {
  const args = [tsc, "-p", configuration, "--noEmit"];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
