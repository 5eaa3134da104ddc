import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { COMMAND_HELP } from "../src/commands/help-table.js";
import { EXAMPLE } from "./eppo/eppo-config.js";
import { ndjson, run, tempFile } from "./run.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const PAGES = ["packages/cli/README.md", "docs/guides/before-and-after.md"];
/** Commands that need Redis. */
const ELSEWHERE = /^redis\b/;

/** Returns the commands in a page's shell examples, without the leading `sortition` or `npx @sortition/cli`. */
function commandsOf(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  const shells = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  // Joins continued lines, and the commands of a pipe with the first one.
  const lines = shells.flatMap((block) => block.replaceAll(/\\\n|(?<=\|)\n/g, " ").split("\n"));
  const inCi = [...text.matchAll(/^ +(npx @sortition\/cli .*\n.*)$/gm)].map(
    ([, line = ""]) => line,
  );
  return [...lines, ...inCi].flatMap((line) => {
    const [, command] = /^(?:sortition|npx @sortition\/cli) (.*)$/s.exec(line.trim()) ?? [];
    return command === undefined || ELSEWHERE.test(command) ? [] : [command];
  });
}

const DOCUMENTED = [
  ...PAGES.flatMap((page) => commandsOf(page).map((command) => ({ page, command }))),
  ...COMMAND_HELP.flatMap(({ example, name }) =>
    example.flatMap((line) => {
      const [, command] = /^sortition (.*)$/.exec(line) ?? [];
      const isElsewhere = command === undefined || ELSEWHERE.test(command) || line.includes("$");
      return isElsewhere ? [] : [{ page: `${name} --help`, command }];
    }),
  ),
];

/** Creates the files that the pages name. */
function filesByName(): ReadonlyMap<string, string> {
  const flags = JSON.stringify(EXAMPLE);
  const subjects = Array.from({ length: 20 }, (_, i) => ({
    subjectKey: `user-${i}`,
    subjectAttributes: { country: "DK" },
  }));
  const exposures = subjects.map(({ subjectAttributes, subjectKey }) => ({
    featureFlag: "new-checkout",
    allocation: "pilot",
    variation: "on",
    subject: subjectKey,
    subjectAttributes,
    timestamp: "2026-02-01T12:00:00Z",
  }));
  const requests = subjects.map((subject) => ({
    flag: "new-checkout",
    type: "boolean",
    default: false,
    ...subject,
  }));
  const rows = "feature,user_id,variant,ts,plan\nnew-checkout,user-1,on,2026-02-01 12:00:00,pro\n";
  const experiments = [
    "user_id,timestamp,experiment_id,variation_id",
    ...subjects.map((it) => `${it.subjectKey},2026-02-01T12:00:00Z,new-checkout-pilot,on`),
  ].join("\n");
  const contents: readonly (readonly [string, string | Buffer])[] = [
    ...["flags", "new-flags", "live", "next", "old"].map(
      (name) => [`${name}.json`, flags] as const,
    ),
    ["subjects.ndjson", ndjson(subjects)],
    ["subjects.ndjson.gz", gzipSync(ndjson(subjects))],
    ["exposures.ndjson", ndjson(exposures)],
    ["week.ndjson", ndjson(exposures)],
    ["yesterday.ndjson", ndjson(exposures)],
    ["requests.ndjson", ndjson(requests)],
    ["day.ndjson", ndjson(requests)],
    ["rows.csv", rows],
    ["experiments.csv", experiments],
  ];
  const files = new Map(contents.map(([name, content]) => [name, tempFile(name, content)]));
  const revisions = join(dirname(files.get("flags.json") ?? ""), "revisions");
  mkdirSync(revisions, { recursive: true });
  writeFileSync(join(revisions, "1.json"), flags);
  const src = join(dirname(revisions), "src");
  mkdirSync(src, { recursive: true });
  writeFileSync(join(src, "main.ts"), 'isOn("new-checkout");\n');
  const page = join(dirname(revisions), "page.html");
  const functions = join(dirname(revisions), "functions");
  return new Map([
    ...files,
    ["revisions", revisions],
    ["src", src],
    ["page.html", page],
    ["functions", functions],
  ]);
}

/** Splits a shell command into words. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = ""]) => quoted ?? plain);
}

describe("the documentation", () => {
  it("has examples of each command that reads rows", () => {
    for (const name of ["evaluate", "diff", "replay", "srm"]) {
      expect(DOCUMENTED.filter(({ command }) => command.startsWith(`${name} `))).not.toEqual([]);
    }
  });

  it.each(DOCUMENTED)("has a working command in $page: $command", async ({ command }) => {
    const files = filesByName();
    const words = wordsOf(command);
    const end = words.findIndex((word) => ["|", ">", "#"].includes(word));
    const shown = end === -1 ? words : words.slice(0, end);
    const from = shown.indexOf("<");
    const args = (from === -1 ? shown : shown.toSpliced(from, 2)).map((it) => files.get(it) ?? it);
    const path = from === -1 ? undefined : files.get(shown[from + 1] ?? "");
    const input = path === undefined ? "" : readFileSync(path);
    // The files have too few subjects for a test.
    const more = command.startsWith("srm ") ? ["--allow-empty"] : [];
    const { exitCode, stderr, stdout } = await run([...args, ...more], input);
    const others = stderr.replace(
      /^error: .* exposures of known flags (?:is|are) wrong, .*\n/m,
      "",
    );
    expect(others).not.toMatch(/^error:|could not be read|^warning: line/m);
    expect(stdout).not.toBe("");
    // Half of the subjects are not in the experiment with the logged variation.
    expect(exitCode).toBe(command.startsWith("replay ") ? 1 : 0);
  });
});
