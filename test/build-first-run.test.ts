import { readFileSync } from "node:fs";
import { buildSync } from "esbuild";
import { minify } from "terser";
import { describe, expect, it } from "vitest";
import { finish } from "../config/build/finish.ts";
import { marked, parenthesized } from "../config/build/first-run.ts";

/** A bundle of one module, `part`, whose functions of these names are listed. */
function bundled(contents: string, names: readonly string[]): string {
  const { outputFiles } = buildSync({
    stdin: { contents, loader: "ts", resolveDir: import.meta.dirname },
    bundle: true,
    format: "cjs",
    target: "node20",
    write: false,
  });
  const code = finish((outputFiles[0]?.text ?? "").replace("// <stdin>", "// src/part.ts"));
  return marked(code, { part: names });
}

async function built(contents: string, names: readonly string[]): Promise<string> {
  const options = { toplevel: true, mangle: false, compress: { inline: 1, reduce_funcs: false } };
  return parenthesized((await minify(bundled(contents, names), options)).code ?? "");
}

/** What `result` returns, exported by CommonJS. */
function resultOf(code: string): unknown {
  const module: { exports: { result?: () => unknown } } = { exports: {} };
  new Function("module", "exports", code)(module, module.exports);
  return module.exports.result?.();
}

const source = `
  let calls = 0;
  export function result() { return first(2) + later() + later(); }
  function first(by: number) { calls += by; return calls; }
  function later(by = 1) { calls += by; return calls; }
`;

describe("functions that a start runs", () => {
  it("are in parentheses, and others are not", async () => {
    const code = await built(source, ["first", "result"]);
    expect(code).toContain("first= (function(");
    expect(code).toContain("result= (function(");
    expect(code).toContain("function later(");
    expect(resultOf(code)).toBe(2 + 3 + 4);
  });

  it("keep their kind", async () => {
    const code = await built(
      `export function result() { return [...steps()]; }
       function* steps() { yield 1; }
       export async function wait() { return 1; }`,
      ["steps", "wait"],
    );
    expect(code).toContain("steps= (function*(");
    expect(code).toContain("wait= (async function(");
    expect(resultOf(code)).toEqual([1]);
  });

  it("are found by their name in the source", async () => {
    const code = bundled("const a = { first: 1 }; export function result2() { return a; }", [
      "result",
    ]);
    expect(code).toContain("const result2 = $(function(");
  });

  it.each([
    [
      "is called",
      "const a = early(); export const result = () => a; function early() { return 1; }",
    ],
    [
      "is called by another",
      `const a = other(); export const result = () => a;
       function other() { return early(); } function early() { return 1; }`,
    ],
    [
      "is called by a method",
      `const it = { read() { return early(); } }; const a = it.read(); export const result = () => a;
       function early() { return 1; }`,
    ],
    [
      "is called by a constructor",
      `class It { a = early(); } const it = new It(); export const result = () => it.a;
       function early() { return 1; }`,
    ],
    [
      "is called by a callback",
      "const a = [1].map((it) => early(it)); export const result = () => a[0]; function early(it: number) { return it; }",
    ],
    [
      "is called by a static field",
      "class It { static a = early(); } export const result = () => It.a; function early() { return 1; }",
    ],
  ])("stay as they are if one %s before its place", (_, code) => {
    const done = bundled(code, ["early", "other"]);
    expect(done).toContain("function early(");
    expect(done).not.toContain("$(function(");
    expect(resultOf(done)).toBe(1);
  });

  it("become constants although a function before them calls them later", () => {
    const done = bundled(
      "export const result = () => early(); const it = { read: () => early() }; function early() { return it === null ? 0 : 1; }",
      ["early"],
    );
    expect(done).toContain("const early = $(function(");
  });

  it("become constants although a function of another package has their name", () => {
    const code = `// src/part.ts
      import { early as other } from "other";
      export const result = () => early();
      function early() { return other() + late(); }
      function late() { return 1; }`;
    const done = marked(code, { part: ["early", "late"] });
    expect(done).toContain("const early = $(function");
    expect(done).toContain("const late = $(function");
  });

  it("are not looked for where a text is like a mark", () => {
    const build = () => bundled('export const result = () => "$(function () {})";', []);
    expect(build).toThrow("A text is like a mark: $(function");
  });

  it("are not looked for where a variable is called like the mark", () => {
    expect(() => bundled("const $ = 1; export const result = () => $;", [])).toThrow("the mark");
  });
});

it("moves nothing when marks become parentheses", () => {
  const code = 'const a=$(function(){return"$(a"}),b=$(async function(){})';
  expect(parenthesized(code)).toBe('const a= (function(){return"$(a"}),b= (async function(){})');
});

it("lists functions that exist", () => {
  const list: Record<string, Record<string, string[]>> = JSON.parse(
    readFileSync("config/build/first-run.json", "utf8"),
  );
  const missing = Object.entries(list).flatMap(([name, modules]) =>
    Object.entries(modules).flatMap(([module, names]) => {
      const text = readFileSync(`packages/${name}/src/${module}.ts`, "utf8");
      return names.filter((it) => !new RegExp(`function\\*? ${it}\\b`).test(text));
    }),
  );
  expect(missing, "names of functions that are gone: node scripts/first-run.mjs").toEqual([]);
});
