import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ifWhole } from "@sortition/test-kit";
import { type FlagType, flagsPayload, type Json, splitFlag } from "@sortition/test-kit/flags";
import { describe, expect, it } from "vitest";
import { jsonFile, run, tempFile, tempFolder } from "../run.js";
import { compileFolder } from "./typed-calls.js";

const examples = fileURLToPath(new URL("../../../../apps/examples", import.meta.url));

/** An Eppo configuration in which each flag gives its variations to equal parts of all subjects. */
function eppo(
  flags: Readonly<Record<string, { type: FlagType; values: readonly Json[] }>>,
): string {
  const written = Object.entries(flags).map(([key, { type, values }]) => {
    const names = values.map((_, i) => `v${i}`);
    const cut = (i: number): number => Math.round((10_000 * i) / values.length) / 100;
    return splitFlag({
      ...{ key, type, name: "all" },
      shares: Object.fromEntries(names.map((it, i) => [it, cut(i + 1) - cut(i)])),
      values: Object.fromEntries(names.map((it, i) => [it, values[i] as Json])),
    });
  });
  return JSON.stringify(flagsPayload("eppo", written));
}

async function typesOf(config: string): Promise<string> {
  const { exitCode, stdout } = await run(["types", "--config", tempFile("types.json", config)]);
  expect(exitCode).toBe(0);
  return stdout;
}

describe("sortition types", () => {
  it.each([
    {
      file: "flags.json",
      line: '"test-checkout": { string: "fast_checkout" | "standard_checkout" };',
    },
    { file: "features.json", line: '"banner": { string: "Welcome" | "Willkommen" };' },
    {
      file: "amplitude-flags.json",
      line: '"banner": { boolean: boolean; string: "spring"; default?: string };',
    },
    {
      file: "posthog-definitions.json",
      line: '"headline": { boolean: boolean; string: "long" | "short"; json: { words: number } };',
    },
  ])("writes the flags of $file", async ({ file, line }) => {
    const { exitCode, stdout } = await run(["types", "--config", join(examples, file)]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`\n  ${line}\n`);
  });

  it("merges the types of JSON variations", async () => {
    const text = await typesOf(
      eppo({
        campaign: {
          type: "json",
          values: [
            { hero: "a", list: [1], __proto__x: null, nested: { a: 1 } },
            { hero: "b", discount: 1, list: [], nested: { a: "x" } },
          ],
        },
        nullable: { type: "json", values: [{ a: 1 }, null] },
        lists: { type: "json", values: [[{ a: 1 }, { b: "x" }], []] },
        conflict: { type: "json", values: [{ a: 1 }, [1]] },
      }),
    );
    expect(text).toContain(
      '"campaign": { json: { __proto__x?: null; discount?: number; hero: string; list: (number)[]; nested: { a: unknown } } };',
    );
    expect(text).toContain('"nullable": { json: { a: number } | null };');
    expect(text).toContain('"lists": { json: ({ a?: number; b?: string })[] };');
    expect(text).toContain('"conflict": { json: unknown };');
    expect(text).toContain('Values: {"a":1}, [1].');
  });

  it("lists up to 24 strings and 12 integers, and writes string and number for more", async () => {
    const strings = (count: number) => Array.from({ length: count }, (_, i) => `s${i}`);
    const integers = (count: number) => Array.from({ length: count }, (_, i) => i - 3);
    const text = await typesOf(
      eppo({
        s24: { type: "string", values: strings(24) },
        s25: { type: "string", values: strings(25) },
        i12: { type: "integer", values: integers(12) },
        i13: { type: "integer", values: integers(13) },
      }),
    );
    expect(text).toContain('"s0" | "s1"');
    expect(text).toContain('"s25": { string: string };');
    expect(text).toContain('"i12": { integer: -3 | -2 | -1 | 0 | 1');
    expect(text).toContain('"i13": { integer: number };');
  });

  ifWhole(it)("generates code that compiles for any key, value and comment", async () => {
    const keys = ["__proto__", "ключ", 'a"b', "a\\b", "a\nb", "*/", "\u2028", "constructor", ""];
    const flags = Object.fromEntries(
      keys.map((key) => [key, { type: "string", values: [key, "*/ x"] } as const]),
    );
    const payload = eppo({});
    const whole = JSON.parse(payload) as { flags: object };
    // This JSON is written by hand, because `__proto__` in an object literal does not create a member.
    const entries = Object.entries(JSON.parse(eppo(flags)).flags as object);
    const text = `{${[
      ...entries,
      [
        "__proto__",
        (JSON.parse(eppo({ x: { type: "string", values: ["a"] } })).flags as { x: object }).x,
      ] as const,
    ]
      .map(([key, flag]) => `${JSON.stringify(key)}:${JSON.stringify(flag)}`)
      .join()}}`;
    const config = JSON.stringify(whole).replace('"flags":{}', `"flags":${text}`);
    const types = await typesOf(config);
    expect(types).toContain('\n  "__proto__": { string: "a" };');
    const folder = join(tempFolder(), "any-key");
    mkdirSync(folder, { recursive: true });
    const use = 'import { type Client, typed } from "@sortition/core";\ndeclare const c: Client;\n';
    writeFileSync(
      join(folder, "program.ts"),
      `${use}${types}\ntyped<AppFlags>(c).getStringAssignment("__proto__", "id", {}, "a");\n`,
    );
    expect(compileFolder(folder)).toBe("");
  });

  it("writes equal bytes for equal input, and --check finds no difference", async () => {
    const flags = {
      a: { type: "boolean", values: [true, false] },
      separators: { type: "string", values: ["line\u2028end", "paragraph\u2029end"] },
      "key\u2028": { type: "json", values: [{ "name\u2028": 1 }] },
    } as const;
    const config = tempFile("equal.json", eppo(flags));
    const out = join(tempFolder(), "equal.ts");
    const args = ["types", "--config", config, "--out", out];
    await run(args);
    const first = readFileSync(out, "utf8");
    await run(args);
    expect(readFileSync(out, "utf8")).toBe(first);
    expect(await run([...args, "--check"])).toMatchObject({ exitCode: 0, stdout: "" });
  });

  it("lists the differences with --check, and writes nothing", async () => {
    const out = join(tempFolder(), "check.ts");
    const before = eppo({
      gone: { type: "boolean", values: [true, false] },
      retyped: { type: "string", values: ["a", "b"] },
      revalued: { type: "string", values: ["a", "b"] },
    });
    await run(["types", "--config", tempFile("before.json", before), "--out", out]);
    const written = readFileSync(out, "utf8");
    const after = eppo({
      added: { type: "boolean", values: [true, false] },
      retyped: { type: "integer", values: [1, 2] },
      revalued: { type: "string", values: ["a", "c"] },
    });
    const config = tempFile("after.json", after);
    const { exitCode, stdout } = await run(["types", "--config", config, "--out", out, "--check"]);
    expect(exitCode).toBe(1);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => line.slice(out.length + 2));
    expect(lines).toEqual([
      'added: "added" { boolean: boolean }',
      'removed: "gone"',
      'type changed: "retyped" { string: "a" | "b" } → { integer: 1 | 2 }',
      'values changed: "revalued" { string: "a" | "b" } → { string: "a" | "c" }',
    ]);
    expect(readFileSync(out, "utf8")).toBe(written);
  });

  it.each([
    { content: "export const flags = {};\n", problem: "was not generated by sortition types" },
    {
      content: "// Generated by `sortition types` from a configuration of posthog, revision 1.\n",
      problem: "contains the flags of posthog, but the configuration is for eppo",
    },
  ])("rejects a file of --out that $problem", async ({ content, problem }) => {
    const out = tempFile("mine.ts", content);
    const config = tempFile("mine.json", eppo({ a: { type: "boolean", values: [true] } }));
    const { exitCode, stderr } = await run(["types", "--config", config, "--out", out]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(problem);
    expect(readFileSync(out, "utf8")).toBe(content);
  });

  it("rejects an encrypted payload without its key, and with a wrong key", async () => {
    const config = tempFile("encrypted.json", '{"features":{},"encryptedFeatures":"AAAA.BBBB"}');
    for (const [args, problem] of [
      [[], "$.encryptedFeatures is encrypted, and there is no decryptionKey"],
      [["--decryption-key", "AAAA"], "$.encryptedFeatures cannot be decrypted"],
    ] as const) {
      for (const command of [["types"], ["stale", "--code", examples]]) {
        const { exitCode, stderr } = await run([...command, "--config", config, ...args]);
        expect(exitCode).toBe(2);
        expect(stderr).toContain(problem);
        expect(stderr).toContain("Add --decryption-key");
      }
    }
  });

  it("rejects the same file for types and manifest, and a folder that does not exist", async () => {
    const config = ["--config", join(examples, "flags.json")];
    const both = await run(["types", ...config, "--out", "a.ts", "--manifest", "./a.ts"]);
    expect(both).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("different files") });
    const path = join(tempFolder(), "no-such-folder", "flags.ts");
    const lost = await run(["types", ...config, "--out", path]);
    expect(lost.exitCode).toBe(2);
    expect(lost.stderr).toContain("cannot write the file: no such file or directory (ENOENT)");
  });

  it("rejects hashed keys", async () => {
    const { exitCode, stderr } = await run([
      ...["types", "--config"],
      tempFile(
        "hashed.json",
        eppo({ a: { type: "boolean", values: [true] } }).replace('"SERVER"', '"CLIENT"'),
      ),
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("the flag keys are hashed");
  });
});

describe("sortition types --manifest", () => {
  const config = eppo({
    "new-ui": { type: "boolean", values: [true, false] },
    "test-checkout": { type: "string", values: ["fast", "standard"] },
    columns: { type: "integer", values: [2, 3] },
    fee: { type: "number", values: [0.5, 1.5] },
    campaign: { type: "json", values: [{ hero: "a" }] },
  });

  it("writes each type, and keeps edited default values through three runs", async () => {
    const path = join(tempFolder(), "manifest.json");
    const args = [
      "types",
      "--config",
      tempFile("manifest-config.json", config),
      "--manifest",
      path,
    ];
    const { stderr } = await run(args);
    expect(stderr).toContain('new default value: "test-checkout"');
    const manifest = JSON.parse(readFileSync(path, "utf8"));
    const typeOf = (key: string) => manifest.flags[key].flagType;
    expect(["new-ui", "test-checkout", "columns", "fee", "campaign"].map(typeOf)).toEqual([
      ...["boolean", "string", "integer", "float", "object"],
    ]);
    manifest.flags["test-checkout"].defaultValue = "fast";
    writeFileSync(path, JSON.stringify(manifest));
    for (let i = 0; i < 3; i++) await run(args);
    const again = JSON.parse(readFileSync(path, "utf8"));
    expect(again.flags["test-checkout"].defaultValue).toBe("fast");
    const checked = await run([...args, "--check"]);
    expect(checked.exitCode).toBe(1);
    expect(checked.stdout).toContain('default value is not a variation: "columns" 0');
    expect(checked.stdout).not.toContain('"test-checkout"');
  });

  it("uses the default values of GrowthBook's payload", async () => {
    const path = join(tempFolder(), "growthbook-manifest.json");
    const features = { banner: { defaultValue: "hello" }, size: { defaultValue: 3 } };
    const file = jsonFile("defaults.json", { features });
    await run(["types", "--config", file, "--manifest", path]);
    const { flags } = JSON.parse(readFileSync(path, "utf8"));
    expect(flags.banner).toMatchObject({ flagType: "string", defaultValue: "hello" });
    expect(flags.size).toMatchObject({ flagType: "integer", defaultValue: 3 });
  });

  it("warns about keys for which generators create the same name", async () => {
    const path = join(tempFolder(), "clash.json");
    const flags = {
      "new-ui": { type: "boolean", values: [true] },
      newUi: { type: "boolean", values: [true] },
    } as const;
    const file = tempFile("clash-config.json", eppo(flags));
    const { stderr } = await run(["types", "--config", file, "--manifest", path]);
    expect(stderr).toContain(
      'code generators create the same accessor name for "new-ui" and "newUi"',
    );
  });

  it.each([
    { content: "[]", problem: "expected an object" },
    { content: "{}", problem: "flags: expected an object" },
    {
      content: '{"flags":{"a":{"flagType":"bool","defaultValue":true}}}',
      problem: 'flags["a"].flagType: expected one of',
    },
    {
      content: '{"flags":{"a":{"flagType":"boolean"}}}',
      problem: 'flags["a"].defaultValue: the member is missing',
    },
    {
      content: '{"flags":{"a":{"flagType":"integer","defaultValue":1.5}}}',
      problem: "expected a value of type integer",
    },
  ])("rejects a manifest that does not fit the schema: $content", async ({ content, problem }) => {
    const path = tempFile("refused.json", content);
    const file = tempFile("refused-config.json", config);
    const { exitCode, stderr } = await run(["types", "--config", file, "--manifest", path]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(problem);
  });
});
