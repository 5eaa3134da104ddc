import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { installTools } from "../../scripts/tools.mjs";
import { makeProject } from "./project.ts";
import { run } from "./run.ts";
import { VITEST_ON_OLDEST_NODE } from "./versions.ts";

const tests = join(import.meta.dirname, "../../packages/web/test");

/** Returns a file of the package's tests, which imports the installed package instead of its sources. */
function textOf(name: string): string {
  return readFileSync(join(tests, name), "utf8")
    .replaceAll(/"[./]+\/src\/index\.js"/g, '"@sortition/web"')
    .replaceAll(/"[./]+\/src\/server\.js"/g, '"@sortition/web/server"')
    .replaceAll("./support/", "./");
}

it.each(inject("nodes"))(
  "pages show the values and log the events of native getters on Node $version",
  async ({ file }) => {
    const names = ["dialects.test.ts", "support/flags.ts", "support/post.ts", "support/secrets.ts"];
    const texts = names.map((name) => [name.replace("support/", ""), textOf(name)]);
    const cwd = makeProject(inject("consumer"), {}, Object.fromEntries(texts));
    const tools = installTools("vitest", { vitest: VITEST_ON_OLDEST_NODE });
    const vitest = join(tools, "node_modules/vitest/vitest.mjs");
    // A limit that only ends tests that hang, as that of all other tests.
    const args = [vitest, "run", "--root", cwd, "--testTimeout", "240000"];
    const { exitCode, stderr, stdout } = await run(file, args, { cwd, env: { NO_COLOR: "1" } });
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/Tests +5 passed \(5\)/);
  },
);
