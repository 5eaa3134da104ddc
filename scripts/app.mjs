// Builds an app with its dependencies, and runs it in the folder from which npm was called:
// `node scripts/app.mjs demo/dist/main.js [ARGUMENTS]`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { provideRedis } from "./redis.mjs";

const root = join(import.meta.dirname, "..");
const [main = "", ...args] = process.argv.slice(2);
const [app] = main.split("/");
if (!existsSync(join(root, "apps", main)))
  console.error("Building the packages for the first time …");
const build = ["run", "build", `--filter=@sortition/${app}...`, "--output-logs=errors-only"];
// Hides turbo's summary, so that the output begins with that of the app.
const { status, stderr, stdout } = spawnSync(
  process.execPath,
  [join(root, "node_modules/turbo/bin/turbo"), ...build],
  { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 },
);
if (status !== 0) {
  process.stderr.write(stdout + stderr);
  process.exit(1);
}
provideRedis();
const cwd = process.env.INIT_CWD || process.cwd();
const file = join(root, "apps", main);
const result = spawnSync(process.execPath, [file, ...args], { cwd, stdio: "inherit" });
process.exit(result.status ?? 1);
