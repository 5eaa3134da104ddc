import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../../../..");
const tests = join(root, "packages/posthog/test");

/** Returns the numbers in the first column of a table under a heading in `docs/spec`. */
function rowsOf(page: string, heading: string): readonly number[] {
  const content = readFileSync(join(root, "docs/spec", `${page}.md`), "utf8");
  const [, section = ""] = content.split(`${heading}\n`);
  const [table = ""] = section.split("\n#");
  return [...table.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, numbers = ""]) =>
    numbers.split(",").map(Number),
  );
}

it("each fault of the lifecycle appears in a test title, or has a reason why it does not", () => {
  const files = readdirSync(tests, { recursive: true, encoding: "utf8" });
  const sources = files
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(tests, name), "utf8"));
  const cited = sources.flatMap((source) =>
    [...source.matchAll(/["`]lifecycle §7 fault (\d+): /g)].map(([, number]) => Number(number)),
  );
  const listed = rowsOf("posthog", "### Faults without a counterpart");
  expect(listed.filter((number) => cited.includes(number))).toEqual([]);
  expect([...new Set([...cited, ...listed])].sort((a, b) => a - b)).toEqual(
    rowsOf("lifecycle", "## 7. Faults"),
  );
});
