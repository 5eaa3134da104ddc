import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const here = new URL(".", import.meta.url);
/** Includes the tests of processes, which measure how soon they end. */
const folders = [here, new URL("../timing/", here)];
const docs = new URL("../../../../docs/spec/", here);
const read = (url: URL): string => readFileSync(url, "utf8");

/** Returns the sources of test files whose names start with one of these. */
function sourcesOf(...starts: readonly string[]): string {
  return folders
    .flatMap((folder) => readdirSync(folder).map((name) => ({ folder, name })))
    .filter(({ name }) => starts.some((start) => name.startsWith(start)))
    .map(({ folder, name }) => read(new URL(name, folder)))
    .join("\n");
}

const numbersIn = (text: string, pattern: RegExp): readonly number[] =>
  [...text.matchAll(pattern)].map(([, number]) => Number(number));

/** Returns the numbers that the page lists as not applicable to a client. */
function listedFor(client: string): readonly number[] {
  const [, section = ""] = read(new URL("amplitude.md", docs)).split(
    "## Faults without a counterpart",
  );
  return [...section.matchAll(/^\| ([\d, ]+) \| (\w+) \|/gm)]
    .filter(([, , name]) => name === client)
    .flatMap(([, numbers = ""]) => numbers.split(", ").map(Number));
}

const [, faults = ""] = read(new URL("lifecycle.md", docs)).split("## 7. Faults\n");
const ALL = numbersIn(faults, /^\| (\d+) \|/gm);
const TITLE = /["`]lifecycle §7 fault (\d+): /g;

describe.each([
  { client: "local", tests: ["local-", "process"], own: "local-" },
  { client: "remote", tests: ["remote-", "process"], own: "remote-" },
])("the faults of a $client client", ({ client, own, tests }) => {
  const listed = listedFor(client);

  it("are each tested or listed with a reason", () => {
    const known = new Set([...numbersIn(sourcesOf(...tests), TITLE), ...listed]);
    expect(ALL.length).toBeGreaterThan(40);
    expect([...known].sort((a, b) => a - b)).toEqual(ALL);
  });

  it("are not tested if they are listed", () => {
    const tested = numbersIn(sourcesOf(own), TITLE);
    expect(listed.filter((number) => tested.includes(number))).toEqual([]);
  });
});
