import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

it("the page about versions links to the intended differences of each drop-in for Node", () => {
  const pages = readdirSync(join(root, "docs/migrate")).filter((it) =>
    /^from-\w+-node\.md$/.test(it),
  );
  const versions = readFileSync(join(root, "docs/versions.md"), "utf8");
  expect(pages.length).toBeGreaterThan(3);
  expect(pages.filter((page) => !versions.includes(`(migrate/${page})`))).toEqual([]);
});
