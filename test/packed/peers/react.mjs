// Our tests of the hooks, with the published package. Arguments: vitest's program, and the file of the tests.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const [vitest, file] = process.argv.slice(2);
const hasAct = "act" in (await import("react")); // since 18.3
const text = readFileSync(file, "utf8")
  .replace('"../src/react.js"', '"@sortition/web/react"')
  .replace("{ act, ", hasAct ? "$&" : '{ act } from "react-dom/test-utils";\nimport { ');
writeFileSync("hooks.test.ts", text);
const { status, stderr, stdout } = spawnSync(process.execPath, [vitest, "run", "--root", "."], {
  encoding: "utf8",
});
console.log(status === 0 ? "ok" : stdout + stderr);
