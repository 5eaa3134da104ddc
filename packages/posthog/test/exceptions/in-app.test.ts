import { describe, expect, it } from "vitest";
import { isInApp } from "../../src/exceptions/frame.js";

describe("in_app of a frame", () => {
  it.each([
    { file: "/srv/app/a.js", is: true, because: "it is a file" },
    { file: "/srv/app/node_modules/x/a.js", is: false, because: "it is of a package" },
    { file: "node:fs", is: false, because: "it is of the platform" },
    { file: "file:///a.js", is: true, because: "it is a URL" },
  ])("$is for $file: $because", ({ file, is }) => {
    expect(isInApp(file, false, { projectRoot: null, inAppModules: [] })).toBe(is);
  });

  it.each([
    { file: "/srv/app/a.js", is: true },
    { file: "/srv/application/a.js", is: false },
    { file: "/elsewhere/a.js", is: false },
    { file: "/srv/app/node_modules/x/a.js", is: false },
  ])("$is for $file with a project root", ({ file, is }) => {
    expect(isInApp(file, false, { projectRoot: "/srv/app", inAppModules: [] })).toBe(is);
  });

  it.each([
    { file: "/srv/app/node_modules/@mine/x/a.js", is: true },
    { file: "/srv/app/node_modules/@mine/xy/a.js", is: false },
    { file: "/shared/a.js", is: true },
  ])("$is for $file with modules", ({ file, is }) => {
    const rules = { projectRoot: "/srv/app", inAppModules: ["@mine/x", "/shared/"] };
    expect(isInApp(file, false, rules)).toBe(is);
  });
});
