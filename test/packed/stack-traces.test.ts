import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { run } from "./run.ts";

const packages = inject("packages");
const nodes = inject("nodes");
const consumer = inject("consumer");

const PROGRAMS = {
  module: `import { createClient } from "@sortition/node"; createClient({ apiKey: 7 });`,
  commonjs: `const { createClient } = require("@sortition/node"); createClient({ apiKey: 7 });`,
};

/** Node prints the source line of an uncaught error: of a file with one line, all of it. */
describe("fault 5 of the packages: an uncaught error prints a whole file", () => {
  it.each(packages)("no line of $name is longer than 4 kB", ({ unpacked }) => {
    const files = readdirSync(join(unpacked, "dist"), { recursive: true, encoding: "utf8" });
    const code = files.filter((file) => /\.c?js$/.test(file));
    expect(code).not.toEqual([]);
    for (const file of code) {
      const lines = readFileSync(join(unpacked, "dist", file), "utf8").split("\n");
      expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThan(4_096);
    }
  });

  describe.each(nodes)("on Node $version", (node) => {
    it.each(Object.entries(PROGRAMS))(
      "an uncaught OptionError of a %s prints less than 2 kB, and its own name",
      async (type, program) => {
        const args = [`--input-type=${type}`, "--eval", program];
        const { exitCode, stderr } = await run(node.file, args, { cwd: consumer });
        expect(exitCode).toBe(1);
        expect(stderr).toContain("OptionError");
        expect(stderr).toContain("SORTITION_OPTION");
        expect(Buffer.byteLength(stderr)).toBeLessThan(2_048);
      },
    );
  });

  it.each(["module", "commonjs"])("the source maps of a %s lead to the sources", async (type) => {
    const args = ["--enable-source-maps", `--input-type=${type}`, "--eval"];
    const program = PROGRAMS[type as keyof typeof PROGRAMS];
    const { stderr } = await run(process.execPath, [...args, program], { cwd: consumer });
    expect(stderr).toMatch(/node\/src\/[a-z/-]+\.ts:\d+:\d+/);
  });
});

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

describe("the source maps", () => {
  // Code that only tests load is published as it is read, without maps.
  const mapped = packages.filter((it) => it.entries.length > 0 && it.name !== "@sortition/testing");

  it.each(mapped)("of $name have the content of the sources once", ({ unpacked }) => {
    const maps = readdirSync(join(unpacked, "dist")).filter((file) => file.endsWith("js.map"));
    expect(maps).not.toEqual([]);
    /** Sources of the package → how many maps have their content. */
    const counts = new Map<string, number>();
    for (const file of maps) {
      const { sources, sourcesContent = [] }: SourceMap = JSON.parse(
        readFileSync(join(unpacked, "dist", file), "utf8"),
      );
      const isOfModules = file.endsWith(".js.map");
      for (const [i, source] of sources.entries()) {
        const count = typeof sourcesContent[i] === "string" ? 1 : 0;
        const isOwn = source.startsWith("../src/") && isOfModules;
        if (isOwn) counts.set(source, (counts.get(source) ?? 0) + count);
        else expect([file, source, count]).toEqual([file, source, 0]);
      }
    }
    expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
    expect(counts.size).toBeGreaterThan(0);
  });
});
