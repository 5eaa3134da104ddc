import { describe, expect, inject, it } from "vitest";
import { ENTRIES_OF_APPLICATIONS } from "./entries-of-applications.ts";
import { run } from "./run.ts";

const packages = inject("packages");
const nodes = inject("nodes");
const consumer = inject("consumer");

const PROGRAMS = {
  module: `import { init } from "@sortition/node"; init({ pollIntervalMS: 1 });`,
  commonjs: `const { init } = require("@sortition/node"); init({ pollIntervalMS: 1 });`,
};

/** Node prints the source line that threw, and the stack. */
describe("fault 5 of the packages: an uncaught error prints unreadable code", () => {
  describe.each(nodes)("on Node $version", (node) => {
    it.each(Object.entries(PROGRAMS))("an OptionError of a %s", async (type, program) => {
      const args = [`--input-type=${type}`, "--eval", program];
      const { exitCode, stderr } = await run(node.file, args, { cwd: consumer });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^ {2,}throw new (?:\w+\.)?OptionError\(/m);
      expect(stderr).toContain("OptionError: pollIntervalMS: unknown option; use pollIntervalMs");
      expect(stderr).toMatch(/at init \(.*@sortition[\\/]node[\\/]dist[\\/]index/);
      expect(Buffer.byteLength(stderr)).toBeLessThan(2_048);
    });
  });
});

/** Prints the exported classes whose own name differs from all their export names, for `import` and `require`. */
const RENAMED = `
import { createRequire } from "node:module";
const require = createRequire(process.cwd() + "/program.mjs");
const isClass = (it) => typeof it === "function" && String(it).startsWith("class");
const renamed = (entry, module) =>
  Object.entries(module).filter(([name, it]) => isClass(it) && module[it.name] !== it).map(([name, it]) => entry + ": " + name + " is " + it.name);
const count = (module) => Object.values(module).filter(isClass).length;
let classes = 0;
const found = [];
for (const entry of process.argv.slice(1)) {
  for (const module of [await import(entry), require(entry)]) {
    classes += count(module);
    found.push(...renamed(entry, module));
  }
}
console.log(JSON.stringify({ classes, found }));
`;

it("each exported class has its exported name", async () => {
  const entries = packages
    .flatMap((packed) => packed.entries)
    .filter((entry) => !ENTRIES_OF_APPLICATIONS.includes(entry));
  const args = ["--input-type=module", "--eval", RENAMED, ...entries];
  const { stdout, stderr } = await run(process.execPath, args, { cwd: consumer });
  expect(stderr).toBe("");
  const { classes, found } = JSON.parse(stdout);
  expect(found).toEqual([]);
  expect(classes).toBeGreaterThan(50);
});
