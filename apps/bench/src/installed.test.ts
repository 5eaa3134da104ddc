import { execFileSync } from "node:child_process";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { installedWith, publishedFiles } from "./installed.js";

const here = fileURLToPath(new URL(".", import.meta.url));

describe("publishedFiles", () => {
  it.each(["core", "node"])("lists what npm would pack of packages/%s", (name) => {
    const folder = fileURLToPath(new URL(`../../../packages/${name}`, import.meta.url));
    const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      shell: process.platform === "win32", // npm is a .cmd file there
    });
    const [packed] = JSON.parse(output) as [{ files: { path: string; size: number }[] }];
    const files = publishedFiles(folder)
      .map(({ path, sizeBytes }) => ({ path: path.replaceAll(sep, "/"), size: sizeBytes }))
      .sort(byPath);
    expect(files).toEqual(packed.files.map(({ path, size }) => ({ path, size })).sort(byPath));
  });
});

describe("installedWith", () => {
  it("finds a package, what it depends on, and what that depends on, once each", () => {
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

  it("says who lacks what", () => {
    expect(() => installedWith("@sortition/nothing", here)).toThrow(/lacks @sortition\/nothing/);
  });
});

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1;
}
