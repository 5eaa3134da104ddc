import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { publicPackages } from "../scripts/pages.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly author?: string;
  readonly homepage?: string;
  readonly bugs?: { readonly url: string };
  readonly keywords?: readonly string[];
  readonly repository: { readonly url: string; readonly directory?: string };
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}

const workspace = readManifest(".");
/** The URL of the repository, from which all others are derived. */
const address = workspace.repository.url.replace(/^git\+(.*)\.git$/, "$1");

const published = publicPackages().map((folder) => ({ folder, manifest: readManifest(folder) }));

describe("the manifests", () => {
  it.each(published)("of $folder is derived from the URL of the repository", (it) => {
    const { author, homepage, bugs, repository } = it.manifest;
    expect({ author, homepage, bugs, repository }).toEqual({
      author: "Sortition contributors",
      homepage: `${address}/tree/main/${it.folder}#readme`,
      bugs: { url: `${address}/issues` },
      repository: { type: "git", url: workspace.repository.url, directory: it.folder },
    });
  });

  it.each(published)("of $folder has keywords", ({ manifest: { keywords = [] } }) => {
    expect(keywords.length).toBeGreaterThan(3);
    expect(new Set(keywords).size).toBe(keywords.length);
    expect(keywords).toEqual(keywords.map((word) => word.toLowerCase().replaceAll(" ", "-")));
  });

  it("of the workspace is derived from it, too", () => {
    expect(address).toMatch(/^https:\/\/github\.com\/[\w-]+\/[\w-]+$/);
    expect(workspace).toMatchObject({
      author: "Sortition contributors",
      homepage: `${address}#readme`,
      bugs: { url: `${address}/issues` },
    });
  });
});

describe("URLs of the repository", () => {
  const repository = /https:\/\/github\.com\/[\w-]*sortition[\w-]*\/[\w-]+/g;
  const files = [
    ...["README.md", "SECURITY.md", "CONTRIBUTING.md", ".github/ISSUE_TEMPLATE/config.yml"],
    ".github/ISSUE_TEMPLATE/2-different-answer.yml",
  ];

  it.each(files)("in %s are the same as in package.json", (file) => {
    const found = readFileSync(join(root, file), "utf8").match(repository) ?? [];
    expect([...new Set(found)].filter((it) => it !== address)).toEqual([]);
  });
});
