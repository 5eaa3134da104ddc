import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { installedWith, publishedFiles } from "./installed.js";

const here = import.meta.dirname;

describe("publishedFiles", () => {
  const root = mkdtempSync(join(tmpdir(), "sortition-bench-"));
  afterAll(() => rmSync(root, { recursive: true }));

  /** Writes a package like our build: entries and declarations that refer to chunks. */
  function build(folder: string, chunk: string): void {
    const files = {
      "package.json": JSON.stringify({
        name: "built",
        version: "1.0.0",
        files: ["dist", "README.md"],
        exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
      }),
      "README.md": "# built",
      "src/index.ts": "export const it = 1;",
      "dist/index.js": `export { it } from './${chunk}.js';\n//# sourceMappingURL=index.js.map`,
      "dist/index.js.map": "{}",
      "dist/index.d.ts": `export { it } from './${chunk}.js';`,
      [`dist/${chunk}.js`]: `export const it = 1;\n//# sourceMappingURL=${chunk}.js.map`,
      [`dist/${chunk}.js.map`]: "{}",
      [`dist/${chunk}.d.ts`]: "export declare const it = 1;",
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  }

  const sizesOf = (folder: string) =>
    new Map(
      publishedFiles(folder).map(({ path, sizeBytes }) => [path.replaceAll(sep, "/"), sizeBytes]),
    );

  it("lists what npm would pack", () => {
    const folder = join(root, "packed");
    build(folder, "chunk-A");
    const output = execFileSync("npm", ["pack", "--dry-run", "--json"], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      shell: process.platform === "win32", // npm is a .cmd file there
    });
    const [packed] = JSON.parse(output) as [{ files: { path: string; size: number }[] }];
    expect(packed.files).toHaveLength(8);
    expect(sizesOf(folder)).toEqual(new Map(packed.files.map(({ path, size }) => [path, size])));
  });

  it("omits files of a former build", () => {
    const [fresh, rebuilt] = [join(root, "fresh"), join(root, "rebuilt")];
    build(fresh, "chunk-B");
    build(rebuilt, "chunk-A");
    build(rebuilt, "chunk-B");
    expect(sizesOf(rebuilt)).toEqual(sizesOf(fresh));
  });
});

describe("installedWith", () => {
  it("finds a package and its transitive dependencies once each", () => {
    const names = installedWith("@eppo/node-server-sdk", here).map(({ name }) => name);
    expect(names[0]).toBe("@eppo/node-server-sdk");
    expect(names).toEqual(expect.arrayContaining(["@eppo/js-client-sdk-common", "pino", "semver"]));
    expect(new Set(names).size).toBe(names.length);
  });

  it("follows the workspace's own packages to their folders", () => {
    const packages = installedWith("@sortition/node", here);
    expect(packages.map(({ name }) => name).sort()).toEqual([
      "@sortition/core",
      "@sortition/node",
      "undici",
    ]);
    const paths = packages.flatMap(({ files }) => files.map(({ path }) => path));
    expect(paths).toContain(`dist${sep}index.js`);
    expect(paths.filter((path) => path.startsWith("src"))).toEqual([]);
  });

  it("names a package and its missing dependency", () => {
    expect(() => installedWith("@sortition/nothing", here)).toThrow(/lacks @sortition\/nothing/);
  });
});
