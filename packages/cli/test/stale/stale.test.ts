import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonFile, run, tempFile, tempFolder } from "../run.js";
import { plantTree } from "./planted-tree.js";

interface FindingLine {
  readonly kind: string;
  readonly flag: string;
  readonly places: readonly { readonly file: string; readonly line: number }[];
  readonly [member: string]: unknown;
}

function linesOf(stdout: string): FindingLine[] {
  return stdout
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function tree() {
  const folder = join(tempFolder(), "tree");
  mkdirSync(folder, { recursive: true });
  const planted = plantTree(folder);
  const args = ["stale", "--config", planted.configPath, "--code", planted.codePath];
  return { ...planted, args: [...args, "--history", planted.historyPath] };
}

/** Returns the places of the flag `new-checkout`, which is off for all users, in a file. */
async function placesIn(file: string, text: string): Promise<FindingLine["places"]> {
  const folder = mkdtempSync(join(tempFolder(), "code-"));
  writeFileSync(join(folder, file), text);
  writeFileSync(join(folder, "other.txt"), "another file\n");
  const config = jsonFile("one-flag.json", {
    features: { "new-checkout": { defaultValue: false } },
  });
  const { stdout } = await run(["stale", "--config", config, "--code", folder, "--json"]);
  const places = linesOf(stdout).flatMap((it) => it.places);
  return places.map((it) => ({ file: relative(folder, it.file), line: it.line }));
}

describe("sortition stale", () => {
  it("finds 40 planted findings in four languages, and no others", async () => {
    const { args, codePath, findings } = tree();
    const { exitCode, stdout } = await run([...args, "--json"]);
    expect(exitCode).toBe(0);
    const found = linesOf(stdout).map(({ flag, kind, places }) => {
      const texts = places.map(({ file, line }) => `${relative(codePath, file)}:${line}`);
      return `${kind} ${flag} ${texts.join()}`;
    });
    expect(found.toSorted()).toEqual(findings.toSorted());
    expect(found).toHaveLength(40);
  });

  it("prints the value to keep, since when it is decided, and what was searched", async () => {
    const { args } = tree();
    const { stdout } = await run(args);
    expect(stdout).toMatch(
      /^decided: "decided-flag-0" is boolean true for all subjects, since at least .+: .+app\.ts:3$/m,
    );
    expect(stdout).toMatch(/^not-in-code: "absent-flag-0", last use unknown$/m);
    expect(stdout).toMatch(
      /^40 findings: searched 6 files in .+ for flags of eppo, revision \w+, history since /m,
    );
  });

  it("prints when a flag that is not in the code was last evaluated", async () => {
    const { args } = tree();
    const uses = [
      { flagKey: "absent-flag-0", lastEvaluatedAtMs: Date.UTC(2026, 0, 5) },
      { flagKey: "absent-flag-1", lastEvaluatedAtMs: null },
    ];
    const file = jsonFile("uses.json", uses);
    const { stdout } = await run([...args, "--last-use", file]);
    expect(stdout).toMatch(/^not-in-code: "absent-flag-0", last evaluated 2026-01-05/m);
    expect(stdout).toMatch(/^not-in-code: "absent-flag-1", not evaluated since counting began$/m);
    const exposures = '{"featureFlag":"absent-flag-2","timestamp":"2026-02-01T00:00:00Z"}\n';
    const rows = tempFile("exposures-of-use.ndjson", exposures);
    const other = await run([...args, "--last-use", rows, "--json"]);
    expect(linesOf(other.stdout).find(({ flag }) => flag === "absent-flag-2")).toMatchObject({
      lastUse: "2026-02-01T00:00:00.000Z",
    });
  });

  it("omits recent decisions and allowed findings", async () => {
    const { args } = tree();
    const young = await run([...args, "--older-than", "30", "--now", "2026-01-20", "--json"]);
    expect(linesOf(young.stdout).filter(({ kind }) => kind === "decided")).toEqual([]);
    const old = await run([...args, "--older-than", "30", "--now", "2026-03-01", "--json"]);
    expect(linesOf(old.stdout).filter(({ kind }) => kind === "decided")).toHaveLength(10);
    const allow = tempFile("allow.txt", "# kept\ngone gone-flag-1\ndecided used-flag-1\n");
    const { stderr, stdout } = await run([...args, "--allow", allow, "--json"]);
    expect(linesOf(stdout)).toHaveLength(39);
    expect(stderr).toContain("line 3 no longer applies: decided used-flag-1");
  });

  it("exits with 1 only for the kinds of --fail-on", async () => {
    const { args } = tree();
    expect((await run([...args, "--fail-on", "gone,decided"])).exitCode).toBe(1);
    expect((await run([...args, "--fail-on", "ambiguous"])).exitCode).toBe(0);
    const bad = await run([...args, "--fail-on", "decidet"]);
    expect(bad).toMatchObject({ exitCode: 2 });
    expect(bad.stderr).toContain('did you mean "decided"?');
  });

  it("reports keys that are too short or too common as ambiguous", async () => {
    const features = { on: { defaultValue: true }, user: { defaultValue: 1 } };
    const config = jsonFile("common.json", { features });
    const { codePath } = tree();
    const { stdout } = await run(["stale", "--config", config, "--code", codePath, "--json"]);
    expect(linesOf(stdout).map(({ flag, kind }) => `${kind} ${flag}`)).toEqual([
      ...["ambiguous on", "ambiguous user"],
    ]);
  });

  it.each([
    { file: "deploy.yaml", text: "flags:\n  - new-checkout", line: 2 },
    { file: "values.yml", text: "new-checkout: true", line: 1 },
    { file: ".env.production", text: "CHECKOUT=new-checkout # as in the app", line: 1 },
    { file: "probe.sh", text: "sortition evaluate new-checkout --json", line: 1 },
    {
      file: "probe.ts",
      text: `get(\`\${base}/ofrep/v1/evaluate/flags/new-checkout?x=1\`);`,
      line: 1,
    },
    { file: "Probe.java", text: 'get("https://relay/flags?key=new%2Dcheckout");', line: 1 },
    { file: "app.ts", text: `flag(\`new-\${page}\`);`, line: 1 },
    { file: "app.py", text: 'flag(f"{prefix}-checkout")', line: 1 },
    { file: "app.go", text: 'flag(fmt.Sprintf("new-%s", page))', line: 1 },
    { file: "App.java", text: 'flag("new-" + page);', line: 1 },
  ])("finds a key without quotes, in a URL or built by a template: $file, $text", async (row) => {
    expect(await placesIn(row.file, row.text)).toEqual([{ file: row.file, line: row.line }]);
  });

  it.each([
    { file: "README.md", text: 'Turn on "new-checkout".' },
    { file: "pnpm-lock.yaml", text: "  new-checkout@1.0.0:" },
    { file: "Cargo.lock", text: 'name = "new-checkout"' },
    { file: "app.test.ts.snap", text: 'exports[`a`] = `"new-checkout"`;' },
    { file: "vendor.min.js", text: 'f("new-checkout")' },
    { file: "bundle.js", text: `${"f(1);".repeat(400)}f("new-checkout")` },
    {
      file: "app.ts",
      text: `const message = \`the \${page} is new\`; import x from './new-checkout/x';`,
    },
    { file: "app.ts", text: "new-checkout" },
  ])("does not find a key in text that uses no flag: $file", async ({ file, text }) => {
    expect(await placesIn(file, text)).toEqual([]);
  });

  it("rejects a folder without files, and a history of another dialect", async () => {
    const { codePath, configPath } = tree();
    const empty = join(tempFolder(), "empty-folder");
    mkdirSync(empty, { recursive: true });
    const nothing = await run(["stale", "--config", configPath, "--code", empty]);
    expect(nothing).toMatchObject({ exitCode: 2 });
    expect(nothing.stderr).toContain("the folder contains no files");
    const missing = await run(["stale", "--config", configPath]);
    expect(missing.stderr).toContain("--code DIR is missing");
    const other = tempFile("other-dialect.json", '{"features":{"a":{"defaultValue":1}}}');
    const folder = join(tempFolder(), "other-history");
    mkdirSync(folder, { recursive: true });
    copyFileSync(other, join(folder, "1.json"));
    const mixed = await run([
      "stale",
      "--config",
      configPath,
      "--code",
      codePath,
      "--history",
      folder,
    ]);
    expect(mixed.stderr).toContain("is a configuration for growthbook, not for eppo");
    expect(mixed.exitCode).toBe(2);
  });
});
