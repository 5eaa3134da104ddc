import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findBreaches } from "./architecture/check.ts";
import { findRetiredTerms } from "./architecture/prose.ts";
import { folderOrder, neutralEntries, retiredWords, timedPromises } from "./architecture/rules.ts";
import type { Source } from "./architecture/source.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Every source file of every package and app, unit tests included. */
function readSources(): readonly Source[] {
  return ["packages", "apps"]
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}/src`))
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => `${folder}/${file.replaceAll("\\", "/")}`),
    )
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** Pages that the check of words reads, and the scripts in Lua. */
function readProse(): readonly Source[] {
  const listed = (folder: string, ending: string): readonly string[] =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith(ending))
      .map((file) => `${folder}/${file}`);
  const readmes = readdirSync(join(root, "packages")).map((name) => `packages/${name}/README.md`);
  return [
    ...readmes.filter((path) => existsSync(join(root, path))),
    ...listed("docs/spec", ".md"),
    ...listed("docs/guides", ".md"),
    ...listed("packages/redis/src/lua", ".lua"),
  ].map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

function breachesOf(path: string, text: string): readonly string[] {
  return findBreaches([{ path, text }]);
}

describe("the architecture", () => {
  it("holds in every source file", () => {
    const sources = readSources();
    expect(sources.length).toBeGreaterThan(0);
    expect(findBreaches(sources)).toEqual([]);
  });
});

it("has at most 16 files in which promises and timers meet outside of the runtime", () => {
  const files = Object.keys(timedPromises);
  expect(files.length).toBeLessThanOrEqual(16);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

describe("the check of words", () => {
  it("refuses what the table in CONTRIBUTING retires", () => {
    const guide = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
    const [, table = ""] = /^\| word \| meaning \| not \|\n([\s\S]*?)\n\n/m.exec(guide) ?? [];
    const cells = table.split("\n").map((row) => row.split("|").at(-2) ?? "");
    const retired = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(retired.sort()).toEqual(Object.keys(retiredWords).sort());
  });

  it.each([
    { path: "redis/src/a.ts", text: "const lookMs = 1;", name: "lookMs" },
    { path: "redis/src/a.ts", text: "class A { #looks = 1; }", name: "looks" },
    { path: "redis/src/first-look.ts", text: "", name: "first-look" },
    { path: "amplitude/src/facade/a.ts", text: "", name: "facade" },
    { path: "posthog/src/a.ts", text: "class FlagObserver {}", name: "FlagObserver" },
  ])("reports $name in $path", ({ path, text, name }) => {
    const breaches = breachesOf(`packages/${path}`, text);
    expect(breaches.filter((it) => it.includes(`the name ${name}: use `))).toHaveLength(1);
  });

  it.each([
    {
      path: "redis/src/a.ts",
      text: "const lookUp = 1, LOOK_AHEAD = 2;",
      because: "they mean something else",
    },
    { path: "redis/src/a.ts", text: "// a look\nconst a = 'look';", because: "these are no names" },
    { path: "core/src/facade.ts", text: "", because: "users import it" },
    {
      path: "redis/src/a.test.ts",
      text: "const lookMs = 1;",
      because: "tests may name what they like",
    },
  ])("accepts $text in $path: $because", ({ path, text }) => {
    expect(breachesOf(`packages/${path}`, text)).toEqual([]);
  });

  it("holds in comments of packages, in docs/spec, docs/guides and READMEs of packages", () => {
    const pages = readProse();
    expect(pages.length).toBeGreaterThan(20);
    expect(findRetiredTerms([...readSources(), ...pages])).toEqual([]);
  });

  it.each([
    { path: "redis/src/a.ts", text: "// each look\nconst a = 'look';", terms: ["each look"] },
    { path: "redis/src/a.ts", text: "/**\n * The facade.\n */", terms: ["facade"] },
    { path: "redis/src/lua/a.lua", text: "-- One look.\nlocal a", terms: ["One look"] },
    {
      path: "redis/README.md",
      text: "A Follower, between two looks",
      terms: ["two looks", "Follower"],
    },
  ])("reports $terms in prose of $path", ({ path, text, terms }) => {
    const found = findRetiredTerms([{ path: `packages/${path}`, text }]);
    expect(found.map((it) => /the term (.*): use/.exec(it)?.[1])).toEqual(terms);
  });

  it.each([
    {
      text: "Looks for it; what one looks up; a look-up; followers",
      because: "verbs, and other words",
    },
    { text: "[its entry](../packages/core/src/facade.ts)", because: "a path" },
  ])("accepts the prose $text: $because", ({ text }) => {
    expect(findRetiredTerms([{ path: "docs/spec/a.md", text }])).toEqual([]);
  });
});

describe("the check of imports", () => {
  it.each([
    {
      path: "packages/core/src/client/client.ts",
      text: 'import { x } from "@sortition/node";',
      breach: "packages/core may not import @sortition/node",
    },
    {
      path: "packages/node/src/index.ts",
      text: 'export * from "@sortition/cli";',
      breach: "packages/node may not import @sortition/cli",
    },
    {
      path: "packages/node/src/index.ts",
      text: 'import { x } from "@sortition/test-kit";',
      breach: "packages/node may not import @sortition/test-kit",
    },
    {
      path: "packages/node/src/index.ts",
      text: 'import { x } from "@sortition/core/src/hash/md5.js";',
      breach: "@sortition/core/src/hash/md5.js is not an entry of that package",
    },
    {
      path: "packages/node/src/index.ts",
      text: 'import { x } from "../../core/src/index.js";',
      breach: "reaches into another package: packages/core/src/index.ts",
    },
    {
      path: "packages/node/src/a.ts",
      text: 'const x = await import("@sortition/core/internal/store");',
      breach: "@sortition/core/internal/store is not an entry of that package",
    },
    {
      path: "packages/node/src/index.ts",
      text: 'import { x } from "../test/server.js";',
      breach: "leaves its src/: packages/node/test/server.ts",
    },
    {
      path: "packages/core/src/hash/md5.ts",
      text: 'import type { X } from "../client/client.js";',
      breach: "hash/ may not import client/",
    },
    {
      path: "packages/core/src/eppo/compile.ts",
      text: 'let x: import("../configuration/store.js").X;',
      breach: "eppo/ may not import configuration/",
    },
    {
      path: "packages/core/src/configuration/load.ts",
      text: 'export { eppo } from "../eppo/factory.js";',
      breach: "configuration/ may not import eppo/",
    },
    {
      path: "packages/core/src/client/client.ts",
      text: 'import { x } from "../index.js";',
      breach: "client/ may not import index.ts",
    },
    {
      path: "packages/core/src/misc/a.ts",
      text: 'import { x } from "../hash/md5.js";',
      breach: "misc/ is not in the table of core's folders",
    },
    {
      path: "packages/core/src/hash/md5.ts",
      text: 'import { createHash } from "node:crypto";',
      breach: 'core may not import "node:crypto": it runs on any runtime and has no dependencies',
    },
    {
      path: "packages/core/src/hash/md5.test.ts",
      text: 'import { createHash } from "node:crypto";',
      breach: 'core may not import "node:crypto": it runs on any runtime and has no dependencies',
    },
    {
      path: "packages/core/src/hash/md5.ts",
      text: 'const md5 = require("md5");',
      breach: 'core may not import "md5": it runs on any runtime and has no dependencies',
    },
    {
      path: "packages/core/src/runtime/host.ts",
      text: 'import fs = require("fs");',
      breach: 'core may not import "fs": it runs on any runtime and has no dependencies',
    },
    {
      path: "packages/dialect-kit/src/toy-dialect/flag.ts",
      text: 'import { createClient } from "@sortition/core";',
      breach: "may import @sortition/core/dialect and its own folder only, not @sortition/core",
    },
    {
      path: "packages/dialect-kit/src/toy-dialect/flag.ts",
      text: 'import { Random } from "../differential/random.js";',
      breach:
        "may import @sortition/core/dialect and its own folder only, not ../differential/random.js",
    },
    {
      path: "packages/dialect-kit/src/toy-dialect/dialect.ts",
      text: 'import { webcrypto } from "node:crypto";',
      breach: "may import @sortition/core/dialect and its own folder only, not node:crypto",
    },
    {
      path: "packages/posthog/src/flags/a.ts",
      text: "await new Promise((resolve) => clock.setTimer(resolve, 5, {}));",
      breach: "a promise over a timer: use core/runtime/deadline or pause",
    },
    {
      path: "packages/posthog/src/flags/a.ts",
      text: "const it = Promise.withResolvers(); setTimeout(it.resolve, 5);",
      breach: "a promise over a timer: use core/runtime/deadline or pause",
    },
    {
      path: "packages/segment/src/a.ts",
      text: 'import { setTimeout as wait } from "node:timers/promises";',
      breach: "a promise over a timer: use core/runtime/deadline or pause",
    },
    {
      path: "packages/segment/src/borrowed.ts",
      text: "await new Promise((resolve) => library.end(resolve));",
      breach: "has no promise over a timer any more: take it from the list",
    },
    {
      path: "packages/growthbook/src/client/a.ts",
      text: "const delayOf = hasSucceeded ? transport.steadyDelayMs : other;",
      breach:
        "only packages/node/src/source/lifecycle-pace.ts, packages/eppo/src/source/pace.ts may use steadyDelayMs",
    },
    {
      path: "packages/node/src/source/a.ts",
      text: "const delayMs = backoffMs(1_000, 2, null);",
      breach: "only packages/redis/src/ may use backoffMs",
    },
    {
      path: "packages/node/src/source/a.ts",
      text: "export class Subscribers {}",
      breach: "a class Subscribers: use packages/core/src/configuration/subscribers.ts",
    },
  ])("reports $path with `$text`", ({ path, text, breach }) => {
    expect(breachesOf(path, text)).toContain(`${path}: ${breach}`);
  });

  it.each(Object.entries(folderOrder))("reports an arrow that climbs in %s", (name, order) => {
    const [top, bottom] = [order[0] ?? "", order.at(-1) ?? ""];
    const path = `${name}/src/${bottom}/a.ts`;
    const breach = `${path}: ${bottom}/ is below ${top}/, and may not import it`;
    expect(breachesOf(path, `import { x } from "../${top}/b.js";`)).toContain(breach);
    expect(breachesOf(path, `import type { X } from "../${top}/b.js";`)).not.toContain(breach);
    const downwards = `import { x } from "../${bottom}/b.js";`;
    expect(breachesOf(`${name}/src/${top}/a.ts`, downwards)).toEqual([]);
  });

  it("reports a folder that is not in the order of its package", () => {
    const path = "packages/eppo/src/extra/a.ts";
    expect(breachesOf(path, 'import { x } from "../client/b.js";')).toEqual([
      `${path}: extra/ is not in the order of the folders of packages/eppo`,
    ]);
  });

  it("reports a folder of 21 files, tests not counted", () => {
    const files = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        path: `packages/segment/src/full/a${i}.ts`,
        text: "",
      }));
    const test = { path: "packages/segment/src/full/a.test.ts", text: "" };
    expect(findBreaches([...files(20), test])).toEqual([]);
    expect(findBreaches([...files(21), test])).toEqual([
      "packages/segment/src/full: has 21 files, more than 20",
    ]);
  });

  it("reports a package that is not in the table", () => {
    expect(breachesOf("packages/extra/src/index.ts", "")).toEqual([
      "packages/extra: is not in the table of packages",
    ]);
  });

  it.each([
    { path: "packages/node/src/a.ts", text: 'import { x } from "@sortition/core/dialect";' },
    { path: "packages/node/src/a.ts", text: 'import { request } from "undici";' },
    { path: "packages/node/src/a.ts", text: "clock.setTimer(poll, 5, {});" },
    { path: "packages/node/src/a.ts", text: 'export { steadyDelayMs } from "./backoff.js";' },
    {
      path: "packages/redis/src/a.ts",
      text: 'import { setImmediate } from "node:timers/promises";',
    },
    { path: "packages/node/src/a.ts", text: 'import manifest from "../package.json";' },
    { path: "packages/node/src/a.test.ts", text: 'import { x } from "@sortition/test-kit";' },
    { path: "packages/core/src/index.ts", text: 'export { x } from "./client/client.js";' },
    { path: "packages/core/src/eppo/a.ts", text: 'import { x } from "../errors/errors.js";' },
    { path: "packages/core/src/eppo/a.ts", text: 'import { x } from "./wire.js";' },
    { path: "packages/core/src/hash/a.test.ts", text: 'import { it } from "vitest";' },
    { path: "packages/core/src/eppo/a.test.ts", text: 'import { x } from "../client/client.js";' },
  ])("accepts $path with `$text`", ({ path, text }) => {
    expect(breachesOf(path, text)).toEqual([]);
  });
});

describe("the check of globals", () => {
  const path = "packages/core/src/events/queue.ts";

  it.each([
    { text: "setTimeout(flush, 10);", name: "setTimeout", because: "it is called" },
    { text: "const f = { fetch };", name: "fetch", because: "a shorthand property reads it" },
    { text: "globalThis.crypto;", name: "globalThis", because: "only host.ts may read it" },
    { text: "let b: Buffer;", name: "Buffer", because: "its type belongs to the platform" },
    { text: "type E = process.Env;", name: "process", because: "a type can name it" },
    {
      text: "declare const process: { env: object };",
      name: "process",
      because: "it is declared, not defined",
    },
    {
      text: "declare global { function fetch(): void }",
      name: "fetch",
      because: "it is declared, not defined",
    },
    { text: "export { console };", name: "console", because: "it is passed on" },
  ])("reports `$text`, because $because", ({ text, name }) => {
    expect(breachesOf(path, text)).toContain(
      `${path}: core may not use the global ${name}: take it from runtime/host.ts`,
    );
  });

  it.each([
    { text: "clock.setTimeout(flush, 10);", because: "a member is not a global" },
    { text: "const host = { fetch: load };", because: "a property is not a global" },
    {
      text: "interface Host { fetch(): void; readonly process: string }",
      because: "the type of a property is not a global",
    },
    {
      text: "function f(process: string) { return process; }",
      because: "a parameter is declared in the file",
    },
    {
      text: 'import type { AbortSignal } from "../runtime/host.js"; let s: AbortSignal;',
      because: "it is imported",
    },
    { text: "const { crypto: digest } = host;", because: "it is renamed" },
    {
      text: "new Map([[Math.max(1, 2), JSON.stringify(1)]]);",
      because: "they are part of the language",
    },
  ])("accepts `$text`, because $because", ({ text }) => {
    expect(breachesOf(path, text)).toEqual([]);
  });

  it("permits globals in host.ts and in tests", () => {
    expect(breachesOf("packages/core/src/runtime/host.ts", "globalThis.fetch;")).toEqual([]);
    expect(breachesOf("packages/core/src/events/queue.test.ts", "setTimeout(f);")).toEqual([]);
  });
});

describe("the check of entries", () => {
  const eppo = { path: "packages/core/src/eppo/factory.ts", text: "" };

  it.each(neutralEntries)("reports that %s reaches a dialect, by any way", (entry) => {
    const sources = [
      { path: entry, text: 'export type { X } from "@sortition/core/between";' },
      { path: "packages/core/src/between.ts", text: 'import type { X } from "./eppo/factory.js";' },
      eppo,
    ];
    expect(findBreaches(sources)).toContain(
      `${entry}: reaches a dialect by ${entry.split("/").at(-1)} -> packages/core/src/between.ts -> packages/core/src/eppo/factory.ts`,
    );
  });

  it("knows entries that exist", () => {
    const paths = readSources().map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining([...neutralEntries]));
  });

  it("lets the default entry reach one", () => {
    const text = 'export { eppo } from "@sortition/core/eppo";';
    const entry = {
      path: "packages/core/src/eppo.ts",
      text: 'export { eppo } from "./eppo/factory.js";',
    };
    expect(findBreaches([{ path: "packages/node/src/index.ts", text }, entry, eppo])).toEqual([]);
  });
});

describe("the check of cycles", () => {
  const cycle = (keyword: string) => [
    { path: "packages/node/src/a.ts", text: 'import { b } from "./b.js";' },
    { path: "packages/node/src/b.ts", text: 'import { c } from "./c.js";' },
    { path: "packages/node/src/c.ts", text: `${keyword} { b } from "./b.js";` },
  ];

  it.each(["import", "export"])("reports a cycle that an %s closes, once", (keyword) => {
    expect(findBreaches(cycle(keyword))).toEqual([
      "packages/node/src/b.ts: cycle packages/node/src/b.ts -> packages/node/src/c.ts -> packages/node/src/b.ts",
    ]);
  });

  it.each(["import type", "export type"])("accepts a cycle that only an `%s` closes", (keyword) => {
    expect(findBreaches(cycle(keyword))).toEqual([]);
  });
});

describe("the check of type circles", () => {
  /** Files in a folder, each of which takes a type of the next one. */
  const circleOf = (folder: string, names: string) =>
    [...names].map((name, i) => ({
      path: `${folder}${name}.ts`,
      text: `import type { X } from "./${names[(i + 1) % names.length]}.js";`,
    }));

  it("reports one of four files, once", () => {
    const [a, b, c, d] = [..."abcd"].map((name) => `packages/node/src/${name}.ts`);
    const text = 'export type { X } from "./a.js";';
    const besides = { path: "packages/node/src/other.ts", text };
    expect(findBreaches([...circleOf("packages/node/src/", "abcd"), besides])).toEqual([
      `${a}: circle of 4 files: ${a}, ${b}, ${c}, ${d}`,
    ]);
  });

  it("reports two that share a file as one", () => {
    const two = [
      ...circleOf("packages/node/src/", "abc").slice(1),
      {
        path: "packages/node/src/a.ts",
        text: 'import type { B } from "./b.js"; let d: import("./d.js").D;',
      },
      { path: "packages/node/src/d.ts", text: 'export type { A } from "./a.js";' },
    ];
    expect(findBreaches(two)).toEqual([expect.stringContaining("a.ts: circle of 4 files:")]);
  });

  it.each([
    { folder: "packages/node/src/", names: "abc" },
    { folder: "packages/core/src/model/", names: "abcde" },
  ])("accepts $names.length files in $folder", ({ folder, names }) => {
    expect(findBreaches(circleOf(folder, names))).toEqual([]);
  });
});
