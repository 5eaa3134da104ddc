import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { publicPackages } from "../scripts/pages.mjs";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Returns all files below a folder. */
const filesIn = (folder: string, ending: RegExp): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => ending.test(file))
    .map((file) => `${folder}/${file}`);

const pages = [
  ...filesIn("docs/guides", /\.md$/),
  ...filesIn("docs/reference", /\.md$/),
  ...filesIn("docs/vendors", /\.md$/),
  ...publicPackages().map((folder: string) => `${folder}/README.md`),
  "docs/errors.md",
];
/** Code blocks and inline code of the pages, and the examples. */
const shown = [
  ...pages.flatMap((page) => read(page).match(/```[\s\S]*?```|`[^`\n]+`/g) ?? []),
  ...filesIn("apps/examples/src", /\.tsx?$/).map(read),
].join("\n");

/** Returns the names of the values that an entry exports, except with `export * from`. */
const valuesOf = (entry: string): readonly string[] =>
  [...read(entry).matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names = ""]) =>
    names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type ")),
  );

it.each(["packages/core/src/kit.ts", "packages/core/src/dialect.ts", "packages/node/src/kit.ts"])(
  "each value of the entry %s is used by a guide or an example",
  (entry) => {
    const values = valuesOf(entry);
    expect(values.length).toBeGreaterThan(15);
    expect(values.filter((name) => !new RegExp(`(?<![\\w.])${name}\\b`).test(shown))).toEqual([]);
  },
);
