import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changedFiles, selectProjects, takeSince } from "../scripts/test-since.mjs";

describe("takeSince", () => {
  it.each([
    { args: ["a"], isGiven: false, branch: undefined, rest: ["a"] },
    { args: ["--since", "main", "-t", "x"], isGiven: true, branch: "main", rest: ["-t", "x"] },
    { args: ["a", "--since=main"], isGiven: true, branch: "main", rest: ["a"] },
    { args: ["--since", "--bail=1"], isGiven: true, branch: undefined, rest: ["--bail=1"] },
    { args: ["--since"], isGiven: true, branch: undefined, rest: [] },
  ])("finds the branch $branch in $args", ({ args, ...found }) => {
    expect(takeSince(args)).toEqual(found);
  });
});

describe("selectProjects", () => {
  const projects = ["core", "node", "segment", "demo"].map((name) => ({
    name,
    folder: name === "demo" ? "apps/demo" : `packages/${name}`,
    packageName: `@sortition/${name}`,
  }));
  const all = [...projects, { name: "repository", folder: "", packageName: "//" }];
  const withDependents = (names: readonly string[]) =>
    names.length === 0 ? [] : [...names, "@sortition/demo"];
  const select = (...files: readonly string[]) => selectProjects(all, files, withDependents);

  it("takes a package that differs, what depends on it, and the tests of the repository", () => {
    expect(select("packages/segment/src/index.ts")).toEqual({
      run: ["segment", "demo", "repository"],
      leftOut: ["core", "node"],
    });
  });

  it("takes the tests of the repository alone if a document differs", () => {
    expect(select("docs/README.md").run).toEqual(["repository"]);
  });

  it.each([
    "pnpm-lock.yaml",
    "config/test/project.ts",
    "config/tsconfig.base.json",
    "packages/core/src/model/a.ts",
  ])("takes everything if %s differs", (file) => {
    expect(select(file).leftOut).toEqual([]);
  });

  it("takes nothing if nothing differs", () => {
    expect(select().run).toEqual([]);
  });

  it("does not take a folder for another whose name begins with its name", () => {
    expect(select("packages/core-tests/src/index.ts").run).toEqual(["repository"]);
  });
});

describe("changedFiles", () => {
  let checkout: string;

  const git = (...args: readonly string[]) => {
    const names = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    const { status, stderr } = spawnSync("git", [...names, ...args], {
      cwd: checkout,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
  };
  const write = (name: string, content: string) => writeFileSync(join(checkout, name), content);

  beforeAll(() => {
    checkout = mkdtempSync(join(tmpdir(), "sortition-since-"));
    git("init", "--quiet", "--initial-branch=main");
    for (const name of ["a", "b", "c"]) write(name, "1");
    git("add", ".");
    git("commit", "--quiet", "--message=first");
    git("checkout", "--quiet", "-b", "topic");
    write("a", "2");
    git("commit", "--quiet", "--all", "--message=second");
    write("b", "2");
    write("d", "2");
  });

  afterAll(() => rmSync(checkout, { recursive: true, force: true }));

  it("lists what was committed since the branch, what is uncommitted and what is new", () => {
    expect(changedFiles(checkout, "main")).toEqual(["a", "b", "d"]);
  });

  it("asks for a branch if origin has none", () => {
    expect(() => changedFiles(checkout)).toThrow("name one, as in --since main");
  });

  it("names a branch that does not exist", () => {
    expect(() => changedFiles(checkout, "mian")).toThrow(
      "--since mian: there is no such branch or commit",
    );
  });

  it("says that a folder is no checkout", () => {
    const folder = mkdtempSync(join(tmpdir(), "sortition-none-"));
    try {
      expect(() => changedFiles(folder, "main")).toThrow("--since needs a git checkout");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
