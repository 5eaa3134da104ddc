import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { installConsumer } from "./consumer.ts";
import { ENTRIES_OF_RUNNERS } from "./entries-of-runners.ts";
import { run } from "./run.ts";

const packages = inject("packages");
const nodes = inject("nodes");

/** Prints per entry the names that `import` and `require` find. */
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

/** Prints per entry the files of our packages that it loads. */
const FILES = `
const { execFileSync } = require("node:child_process");
const ofEntry = "require(process.argv[1]); console.log(JSON.stringify(Object.keys(require.cache)))";
const loaded = (entry) => JSON.parse(execFileSync(process.execPath, ["--eval", ofEntry, entry]));
const own = (file) => file.split(/[\\\\/]node_modules[\\\\/](?=@sortition)/)[1];
const found = process.argv.slice(1).map((entry) => [entry, loaded(entry).map(own).filter(Boolean)]);
console.log(JSON.stringify(Object.fromEntries(found)));
`;

describe.each(packages)("$name, installed alone", (packed) => {
  const entries = packed.entries.filter((entry) => !ENTRIES_OF_RUNNERS.includes(entry));
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sortition-alone-"));
    installConsumer(folder, [packed], packages);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("leaves nothing for `npm ls` to object to", async () => {
    const args = ["ls", "--all", "--json", "--loglevel=error"];
    const { exitCode, stdout } = await run("npm", args, { cwd: folder });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).not.toHaveProperty("problems");
    // Only users of OpenFeature install it.
    if (packed.name !== "@sortition/openfeature") expect(stdout).not.toContain("@openfeature/");
  });

  // Each file costs a start half a millisecond.
  it.each(entries.length === 0 ? [] : [entries])(
    "loads few files, and no entry that another package has for programs: %s",
    async () => {
      const args = ["--eval", FILES, ...entries];
      const { stdout } = await run(process.execPath, args, { cwd: folder });
      const found: Record<string, string[]> = JSON.parse(stdout);
      for (const [entry, files] of Object.entries(found)) {
        expect(files.length, entry).toBeGreaterThan(0);
        expect(files.length, entry).toBeLessThanOrEqual(7);
        const others = files.filter((file) => !file.startsWith(`${packed.name}/`));
        // Streams are in `transport` of node.
        const passingOn = /\b(?:dialect|facade|index|source)\.cjs$/;
        expect(
          others.filter((file) => passingOn.test(file)),
          entry,
        ).toEqual([]);
        // Rules alone run without Node's modules.
        if (entry.endsWith("/dialect"))
          expect(others.join(" "), entry).not.toContain("@sortition/node");
      }
    },
  );

  describe.each(nodes)("on Node $version", (node) => {
    it.each(entries.length === 0 ? [] : [entries])(
      "exports the same names to `import` and to `require`: %s",
      async () => {
        const args = ["--input-type=module", "--eval", PROGRAM, ...entries];
        const { stdout, stderr } = await run(node.file, args, { cwd: folder });
        expect(stderr).toBe("");
        const found: Record<string, Record<string, string[]>> = JSON.parse(stdout);
        expect(Object.keys(found)).toEqual(entries);
        for (const { imported, required } of Object.values(found)) {
          expect(imported).not.toEqual([]);
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
