import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { workspaceFolders } from "../scripts/pages.mjs";
import { findBreaches, type Source } from "./architecture/check.ts";
import { unreachable } from "./architecture/rules.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const folders = workspaceFolders();
const sources: readonly Source[] = folders
  .flatMap((folder) => (readdirSync(join(root, folder)).includes("src") ? [`${folder}/src`] : []))
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`),
  )
  .map((path) => ({ path, text: read(path) }));
const entries = new Set(
  folders
    .filter((folder) => !folder.startsWith("apps/"))
    .map((folder) => JSON.parse(read(`${folder}/package.json`)))
    .flatMap(({ name, exports }) => Object.keys(exports).map((path) => name + path.slice(1))),
);

it("every source file follows the architecture", () => {
  expect(sources.length).toBeGreaterThan(1_000);
  expect(findBreaches(sources, entries)).toEqual([]);
  const ruled = Object.keys(unreachable).map((it) => `@sortition/${it}`);
  expect([...entries]).toEqual(expect.arrayContaining(ruled));
});

it.each`
  path                          | text                                          | breach
  ${"core/src/client/a.ts"}     | ${'import "@sortition/node";'}                | ${"core may not import @sortition/node"}
  ${"node/src/a.ts"}            | ${'export * from "@sortition/redis";'}        | ${"node may not import @sortition/redis"}
  ${"node/src/a.ts"}            | ${'import "@sortition/test-kit";'}            | ${"node may not import @sortition/test-kit"}
  ${"node/src/a.ts"}            | ${'import "@sortition/core/dist/x";'}         | ${"@sortition/core/dist/x is not an entry of a package"}
  ${"node/src/a.ts"}            | ${'import("@sortition/core/nothing");'}       | ${"@sortition/core/nothing is not an entry of a package"}
  ${"redis/src/a.ts"}           | ${'import "@sortition/core/kit";'}            | ${"@sortition/core/kit is for authors of other packages: import @sortition/core/internal"}
  ${"node/src/a.ts"}            | ${'import "../../core/src/index.js";'}        | ${"leaves its src/: packages/core/src/index.ts"}
  ${"node/src/a.ts"}            | ${'import "../test/server.js";'}              | ${"leaves its src/: packages/node/test/server.ts"}
  ${"core/src/hash/a.ts"}       | ${'import type { X } from "../client/a.js"'}  | ${"hash/ may not import client/"}
  ${"core/src/eppo/a.ts"}       | ${'let x: import("../client/a.js").X;'}       | ${"eppo/ may not import client/"}
  ${"core/src/client/a.ts"}     | ${'import "../index.js";'}                    | ${"client/ may not import index.ts"}
  ${"core/src/extra/a.ts"}      | ${'import "../hash/a.js";'}                   | ${"extra/ may not import hash/"}
  ${"core/src/hash/a.ts"}       | ${'import "node:crypto";'}                    | ${"core has no dependency, and imports nothing from Node: node:crypto"}
  ${"core/src/hash/a.test.ts"}  | ${'import "node:crypto";'}                    | ${"core has no dependency, and imports nothing from Node: node:crypto"}
  ${"core/src/hash/a.ts"}       | ${'const md5 = require("md5");'}              | ${"core has no dependency, and imports nothing from Node: md5"}
  ${"redis/src/keys/a.ts"}      | ${'import "../worker/a.js";'}                 | ${"keys/ may not import worker/"}
  ${"relay/src/config/a.ts"}    | ${'import type { X } from "../http/a.js";'}   | ${"config/ may not import http/"}
  ${"cli/src/text/a.ts"}        | ${'import "../run.js";'}                      | ${"text/ may not import run.ts"}
  ${"redis/src/extra/a.ts"}     | ${'import "../keys/a.js";'}                   | ${"extra/ may not import keys/"}
  ${"redis/src/keys/a.ts"}      | ${'import type { X } from "../worker/a.js";'} | ${"keys/ may not import worker/"}
  ${"posthog/src/dialect/a.ts"} | ${'import "@sortition/core";'}                | ${"may import @sortition/core/dialect and @sortition/core/dialect-internal alone, not @sortition/core"}
  ${"extra/src/a.ts"}           | ${'import "x";'}                              | ${"its package is not in the table"}
`("rejects in packages/$path: $text", ({ path, text, breach }) => {
  const source = { path: `packages/${path}`, text };
  expect(findBreaches([source], entries)).toEqual([`${source.path}: ${breach}`]);
});

it.each`
  path                         | text
  ${"node/src/a.ts"}           | ${'import "@sortition/core/dialect"; import "undici"; import "../package.json";'}
  ${"node/src/a.test.ts"}      | ${'import "@sortition/test-kit";'}
  ${"core/src/index.ts"}       | ${'export { x } from "./client/client.js";'}
  ${"core/src/eppo/a.ts"}      | ${'import "../errors/errors.js"; import "./wire.js";'}
  ${"core/src/hash/a.test.ts"} | ${'import "vitest"; import "../client/client.js";'}
  ${"eppo/src/events/a.ts"}    | ${'import type { X } from "../client/a.js";'}
`("accepts in packages/$path: $text", ({ path, text }) => {
  expect(findBreaches([{ path: `packages/${path}`, text }], entries)).toEqual([]);
});

/** Returns files that import each other in a circle, with the given statement. */
const ring = (names: string, statement: string, folder = "packages/node/src/") =>
  [...names].map((name, i) => ({
    path: `${folder}${name}.ts`,
    text: `${statement} { X } from "./${names[(i + 1) % names.length]}.js";`,
  }));

it("rejects cycles at run time, and type cycles of more than three files", () => {
  const [a, b, c, d] = [..."abcd"].map((name) => `packages/node/src/${name}.ts`);
  expect(findBreaches(ring("abc", "import"), entries)).toEqual([`${a}: cycle of ${a}, ${b}, ${c}`]);
  expect(findBreaches(ring("ab", "export"), entries)).toEqual([`${a}: cycle of ${a}, ${b}`]);
  const types = `${a}: circle of types: ${a}, ${b}, ${c}, ${d}`;
  expect(findBreaches(ring("abcd", "import type"), entries)).toEqual([types]);
  expect(findBreaches(ring("abc", "export type"), entries)).toEqual([]);
  const model = ring("abcde", "import type", "packages/core/src/model/");
  expect(findBreaches(model, entries)).toEqual([]);
});

it("rejects a neutral entry that reaches a dialect through a type in another package", () => {
  const breaches = findBreaches(
    [
      {
        path: "packages/node/src/kit.ts",
        text: 'export type { X } from "@sortition/core/between";',
      },
      { path: "packages/core/src/between.ts", text: 'import type { X } from "./eppo/a.js";' },
      { path: "packages/core/src/eppo/a.ts", text: "" },
    ],
    entries,
  );
  const way = "node/kit -> packages/core/src/between.ts -> packages/core/src/eppo/a.ts";
  expect(breaches).toContain(`@sortition/node/kit: reaches packages/core/src/eppo/a.ts by ${way}`);
});

it("has Biome reject platform globals in core, except in runtime/host.ts", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-globals-"));
  const { linter, overrides } = JSON.parse(read("biome.json"));
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ linter, overrides }));
  mkdirSync(join(folder, "packages/core/src/runtime"), { recursive: true });
  const plant = (file: string) =>
    writeFileSync(join(folder, "packages/core/src", file), "export const x = process.argv;\n");
  for (const file of ["a.ts", "runtime/host.ts"]) plant(file);
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const args = [biome, "lint", "--reporter=github", "."];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  expect(stdout.match(/Do not use the global variable process/g)).toHaveLength(1);
  expect(stdout).toContain("packages/core/src/a.ts");
});
