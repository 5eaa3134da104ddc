import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./markdown.js";

const textOf = (page: string): string => readFileSync(join(root, page), "utf8");

const [introduction = ""] = textOf("docs/versions.md").split("\n## Engine");
const [list = ""] = /^Packages make one of two promises.*?are \[tools\]/ms.exec(introduction) ?? [];
const tools = [...list.matchAll(/`(?:@sortition\/)?(\w+)`/g)].map(([, name]) => name);

describe("the promise of a package", () => {
  it.each(readdirSync(join(root, "packages")))("is in the README of %s", (name) => {
    const promises = [
      ...textOf(`packages/${name}/README.md`).matchAll(/versions\.md#(engine|tools)/g),
    ];
    expect(promises.map(([, promise]) => promise)).toEqual([
      tools.includes(name) ? "tools" : "engine",
    ]);
  });

  it("is that of a tool for packages that exist", () => {
    expect(tools.length).toBeGreaterThan(1);
    expect(readdirSync(join(root, "packages"))).toEqual(expect.arrayContaining(tools));
  });
});
