import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

import { installConsumer } from "./consumer.ts";
import { ENTRIES_OF_APPLICATIONS } from "./entries-of-applications.ts";
import { run } from "./run.ts";

const packages = inject("packages");
const nodes = inject("nodes");

/** Entries with only types, like the vendor's. */
const ENTRIES_OF_TYPES = ["@sortition/posthog/experimental"];

/** Prints the exports of each entry for `import` and `require`. */
const PROGRAM = `
import { createRequire } from "node:module";
const require = createRequire(process.cwd() + "/program.mjs");
const names = (module) => Object.keys(module).filter((name) => name !== "default" && name !== "module.exports").sort();
const found = {};
for (const entry of process.argv.slice(1)) {
  found[entry] = { imported: names(await import(entry)), required: names(require(entry)) };
}
console.log(JSON.stringify(found));
`;

describe.each(packages)("$name, installed alone", (packed) => {
  const entries = packed.entries.filter((entry) => !ENTRIES_OF_APPLICATIONS.includes(entry));
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sortition-alone-"));
    installConsumer(folder, [packed], packages);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("passes `npm ls`", async () => {
    const args = ["ls", "--all", "--json", "--loglevel=error"];
    const { exitCode, stdout } = await run("npm", args, { cwd: folder });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).not.toHaveProperty("problems");
    // Other packages must not install OpenFeature.
    if (packed.name !== "@sortition/openfeature") expect(stdout).not.toContain("@openfeature/");
  });

  describe.each(nodes)("on Node $version", (node) => {
    it.each(entries.length === 0 ? [] : [entries])(
      "exports the same names to `import` and to `require`: %s",
      async () => {
        const args = ["--input-type=module", "--eval", PROGRAM, ...entries];
        const { stdout, stderr } = await run(node.file, args, { cwd: folder });
        expect(stderr).toBe("");
        const found: Record<string, Record<string, string[]>> = JSON.parse(stdout);
        expect(Object.keys(found)).toEqual(entries);
        for (const [entry, { imported, required }] of Object.entries(found)) {
          if (!ENTRIES_OF_TYPES.includes(entry)) expect(imported).not.toEqual([]);
          expect(imported).toEqual(required);
        }
      },
    );

    it.each(Object.entries(packed.manifest.bin ?? {}))("runs the command %s", async (_, file) => {
      const main = join(folder, "node_modules", packed.name, file);
      const { exitCode, stdout } = await run(node.file, [main, "--help"], { cwd: folder });
      expect(exitCode).toBe(0);
      expect(stdout).toContain("Usage");
    });
  });
});
