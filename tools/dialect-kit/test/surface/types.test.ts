import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { compareTypes } from "../../src/surface/compare-types.js";
import { checkTypes, type SurfaceLists } from "../../src/surface/describe.js";
import type { Surface } from "../../src/surface/surface.js";
import type { SurfaceSource } from "../../src/surface/surface-names.js";
import { createSurfaceProgram } from "../../src/surface/surface-program.js";

const pathOf = (name: string): string => fileURLToPath(new URL(`types/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sortition-surface-"));
afterAll(() => rmSync(folder, { recursive: true }));

const LISTS: SurfaceLists = { works: [], differs: {}, notThere: {}, inner: [] };

/** Each change breaks a program that was written for the vendor's types. */
const PLANTED: readonly { readonly from: string; readonly to: string; readonly found: string }[] = [
  {
    from: "Result<T = any>",
    to: "Result<T = unknown>",
    found: "Result<T>: read: unknown here, any there",
  },
  {
    from: "  list: string[];",
    to: "  readonly list: string[];",
    found: "Result.list: is read-only here",
  },
  {
    from: "  list: string[];",
    to: "  list: readonly string[];",
    found: "Result.list: read: readonly string[] here, string[] there",
  },
  {
    from: "  value: T;",
    to: "  value: T;\n  needed: string;",
    found: "Result.needed: is required here, and not there",
  },
  { from: "  name: string;", to: "  name?: string;", found: "Options.name: is optional here" },
  { from: "  retries?: number | undefined;", to: "", found: "Options.retries: is absent" },
  {
    from: '"us" | "eu" | undefined',
    to: "string | undefined",
    found: 'Options.zone: read: string | undefined here, "us" | "eu" | undefined there',
  },
  {
    from: "(result: Result, attempt: number)",
    to: "(result: Result)",
    found: "Options.onResult: takes fewer arguments",
  },
  {
    from: "nested?: { deep: boolean }",
    to: "nested?: { deep: boolean; more: string }",
    found: "Options.nested.more: is required here, and not there",
  },
  {
    from: "export declare enum Level {\n  Low = 0,\n  High = 1,\n}",
    to: "export type Level = number;",
    found: "Level: is a type only",
  },
  {
    from: "get(key: string, fallback?: string | null)",
    to: "get(key: string, fallback: string)",
    found: "Client.get: needs more arguments",
  },
  {
    from: "get(key: string, fallback?: string | null)",
    to: "get(key: string)",
    found: "Client.get: takes fewer arguments",
  },
  {
    from: "Record<string, Result>",
    to: "Record<string, Result | undefined>",
    found: "Client.all()[]: read: Result<any> | undefined here, Result<any> there",
  },
  { from: "child(): Client;", to: "private child(): Client;", found: "Client.child: is absent" },
  {
    from: "context: unknown",
    to: "context: object",
    found: "Client.log(context): write: object here, any there",
  },
  {
    from: "start(options: Options): Client",
    to: "start(options: Options): Promise<Client>",
    found: "start().level: is absent",
  },
  {
    from: "export declare function absent(): void;",
    to: "",
    found: "absent: is not exported",
  },
];

const ours = readFileSync(pathOf("ours.d.ts"), "utf8");

/** Our declarations with and without changes, by name. */
const TEXTS: Readonly<Record<string, string>> = {
  ours,
  widened: ours.replace('"us" | "eu" | undefined', "string | undefined"),
  shortened: ours.replace("  remove(key: string): number;\n", ""),
  ...Object.fromEntries(PLANTED.map(({ found, from, to }) => [found, ours.replace(from, to)])),
};

const vendor: SurfaceSource = {
  declarations: pathOf("vendor.d.ts"),
  isVendorFile: (path) => path.endsWith("/types/vendor.d.ts"),
};

/** All of them are read together, because most of the time is spent on TypeScript's own library. */
const sources = new Map(
  Object.entries(TEXTS).map(([name, text], i) => {
    const declarations = join(folder, `ours-${i}.d.ts`);
    writeFileSync(declarations, text);
    return [name, { declarations, isVendorFile: (path: string) => path === declarations }];
  }),
);
const program = createSurfaceProgram([vendor, ...sources.values()]);

function findingsOf(name: string, lists: SurfaceLists = LISTS): readonly string[] {
  const source = sources.get(name);
  if (source === undefined) throw new Error(name);
  const typeFindings: Surface["typeFindings"] = (choices) =>
    compareTypes(program, { vendor, ours: source, ...choices });
  return checkTypes({ typeFindings }, lists);
}

describe("the types of a surface", () => {
  it("may accept more, and may have optional additions", () => {
    expect(findingsOf("ours")).toEqual([]);
  });

  it("may differ if the lists say so", () => {
    const otherTypes = { "Options.zone": "anything but `eu` is `us`" };
    expect(findingsOf("widened", { ...LISTS, otherTypes })).toEqual([]);
    expect(findingsOf("ours", { ...LISTS, otherTypes })).toEqual([
      "Options.zone: is listed, and has the vendor's type",
    ]);
  });

  it("may lack names that are not offered", () => {
    expect(findingsOf("shortened")).toEqual(["Client.remove: is absent"]);
    const notThere = { "Client.remove": "nothing can be removed" };
    expect(findingsOf("shortened", { ...LISTS, notThere })).toEqual([]);
  });

  it.each(PLANTED)("fail after a change: $found", ({ found, from }) => {
    expect(ours).toContain(from);
    expect(findingsOf(found)).toContain(found);
  });
});
