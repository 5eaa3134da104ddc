import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { finish } from "../config/build/finish.ts";

/** A source as esbuild bundles it: names of classes and constants at the top are changed. */
function bundle(contents: string, format: "cjs" | "esm" = "cjs"): string {
  const { outputFiles } = buildSync({
    stdin: { contents, loader: "ts", resolveDir: import.meta.dirname },
    bundle: true,
    format,
    target: "node20",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** What a CommonJS bundle exports, read by `read`. */
function run<T>(code: string, read: (exported: Record<string, never>) => T): T {
  const module = { exports: {} as Record<string, never> };
  new Function("module", "exports", code)(module, module.exports);
  return read(module.exports);
}

/** Finishes a source, which must then do what it did before, and returns the code. */
function finished(source: string): string {
  const code = bundle(source);
  const done = finish(code);
  const result = (exported: Record<string, () => unknown>): unknown => exported["result"]?.();
  expect(run(done, result)).toEqual(run(code, result));
  return done;
}

describe("imports", () => {
  const code = [
    'import { used, unused, third as renamed } from "a";',
    "import {",
    "  nothing",
    '} from "b";',
    "const own = { unused: 1 };",
    "export { used as nothing, renamed, own };",
  ].join("\n");

  it("have no names that nothing uses, on as many lines", () => {
    const done = finish(code);
    expect(done.split("\n")).toHaveLength(6);
    expect(done).toContain('import { used,  third as renamed } from "a";');
    expect(done).not.toContain('"b"');
  });
});

describe("constants", () => {
  it("are constants again", () => {
    expect(finished("const a = 1; export const result = () => a;")).toMatch(/^const a = 1;$/m);
  });

  it.each([
    ["a list", "let a = 0; export const result = () => { [a] = [1]; return a; };"],
    ["a nested list", "let a = 0; export const result = () => { [[, a]] = [[1, 2]]; return a; };"],
    ["a default", "let a = 0; export const result = () => { [a = 7] = []; return a; };"],
    [
      "the rest of a list",
      "let a: any = 0; export const result = () => { [, ...a] = [1, 2]; return a; };",
    ],
    ["a short member", "let a = 0; export const result = () => { ({ a } = { a: 1 }); return a; };"],
    ["a member", "let a = 0; export const result = () => { ({ b: a } = { b: 1 }); return a; };"],
    [
      "the rest of an object",
      "let a: any = 0; export const result = () => { ({ ...a } = { b: 1 }); return a; };",
    ],
    [
      "the head of a loop",
      "let a = 0; export const result = () => { for (a of [1, 2]); return a; };",
    ],
    [
      "the head of a loop over keys",
      "let a = ''; export const result = () => { for (a in { b: 1 }); return a; };",
    ],
    [
      "an operator",
      "let a: any = null; export const result = () => { a ??= 2; a **= 3; a >>>= 1; return a; };",
    ],
    ["a step", "let a = 1; export const result = () => { a++; --a; return a++; };"],
    ["parentheses", "let a = 1; export const result = () => { (a) = 2; return a; };"],
  ])("are not made of what %s assigns", (_, source) => {
    expect(finished(source)).toMatch(/^var a = /m);
  });

  it.each([
    ["a text", "const a = 1; export const result = () => [a, 'a = 2', 'a++'];"],
    ["a template", "const a = 1; export const result = () => [a, `a = 2`];"],
    ["a regular expression", "const a = 1; export const result = () => [a, /a = 2/.source];"],
    ["a comment", "const a = 1; export const result = () => /* @preserve a = 2 */ a;"],
    ["a label", "const a = 1; export const result = () => { a: for (;;) break a; return a; };"],
    [
      "a property",
      "const a = 1; const b = { a: 0 }; export const result = () => { b.a = 2; return [a, b]; };",
    ],
    ["a parameter's default", "const a = 1; export const result = () => ((b = a) => b)();"],
  ])("are not mistaken for %s", (_, source) => {
    expect(finished(source)).toMatch(/^const a = 1;$/m);
  });

  it("are not made of what reads itself first", () => {
    const source = "enum A { B = 1 } export const result = () => Object.keys(A);";
    expect(finished(source)).toMatch(/^var A = /m);
  });
});

describe("classes", () => {
  it("have their names again", () => {
    const source =
      "class Box { static make() { return new Box(); } } export const result = () => Box.make().constructor.name;";
    const done = finished(source.replace(".constructor.name", " instanceof Box"));
    expect(done).toMatch(/^const Box = class Box \{$/m);
    expect(done).not.toContain("_Box");
  });

  it("have names that nothing refers to", () => {
    expect(finished("export class Box {} export const result = () => 1;")).toContain("class Box ");
  });

  it.each([
    ["a text", '"_Box"'],
    ["a template", "`_Box`"],
    ["a regular expression", "/_Box/.source"],
    ["a property", "({ _Box: 1 })._Box"],
    ["a method", "({ _Box() { return 1; } })._Box()"],
  ])("leave %s of the same name alone", (_, expression) => {
    const source = `class Box { static make() { return [${expression}, new Box() instanceof Box]; } } export const result = () => Box.make();`;
    expect(finished(source)).toMatch(/= class Box \{/);
  });

  it("leave a comment alone", () => {
    const source =
      "class Box { static a() { /* @preserve _Box */ return Box.b; } static b = 1; } export const result = () => Box.a();";
    expect(finished(source)).toContain("@preserve _Box");
  });

  it("give a short member its name", () => {
    const code =
      "var Box = class _Box { static a() { return { _Box }; } };\nmodule.exports = { result: () => Object.keys(Box.a()) };\n";
    const done = finish(code);
    expect(done).toContain("{ _Box: Box }");
    expect(run(done, ({ result }: Record<string, () => unknown>) => result?.())).toEqual(["_Box"]);
  });

  it.each([
    ["a parameter has it", "static a(Box) { return [Box, _Box.name]; }"],
    ["a parameter has the other", "static a(_Box) { return _Box; }"],
    ["a variable has it", "static a() { const Box = 1; return [Box, _Box.b]; }"],
  ])("stay where %s", (_, member) => {
    const code = `var Box = class _Box { ${member} };\nmodule.exports = { Box };\n`;
    expect(finish(code)).toContain("class _Box");
  });

  it("stay where the variable changes", () => {
    const code = "var Box = class _Box {};\nBox = null;\nmodule.exports = { Box };\n";
    expect(finish(code)).toBe(code);
  });
});

describe("exports of CommonJS", () => {
  it("are plain properties", () => {
    const done = finish(bundle("export const a = 1; export const b = () => a; export default 3;"));
    expect(done).not.toMatch(/^__export\(|__toCommonJS\(\w+\);$/m);
    expect(run(done, ({ a, default: d, ...others }) => [a, d, Object.keys(others)])).toEqual([
      1,
      3,
      ["b"],
    ]);
  });

  it("belong to an ES module, so that a compiled `import * as` is the module and not a copy of it", () => {
    const read = (exported: Record<string, never>): unknown => {
      const isSelf = exported["default"] === exported;
      return [exported["__esModule"], isSelf, Object.keys(exported)];
    };
    expect(run(finish(bundle("export const a = 1;")), read)).toEqual([true, true, ["a"]]);
  });

  it("stay getters if one of them changes", () => {
    const source = "export let a = 1; export const result = () => { a += 1; return a; };";
    const done = finish(bundle(source));
    const after = (exported: Record<string, never>): unknown => {
      (exported["result"] as unknown as () => unknown)();
      return exported["a"];
    };
    expect(run(done, after)).toBe(2);
  });

  it("do not exist in an ES module", () => {
    const done = finish(bundle("export const a = 1;", "esm"));
    expect(done).toMatch(/const a = 1;\nexport \{/);
  });
});

it("keeps the number of each line", () => {
  const code = bundle("class Box { static a = () => Box; } const a = 1; export { Box, a };");
  const last = finish(code).split("\n").indexOf("const a = 1;");
  expect(last).toBe(code.split("\n").indexOf("var a = 1;"));
  expect(last).toBeGreaterThan(0);
});
