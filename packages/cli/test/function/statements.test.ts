import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { DECRYPTION_KEY, encrypted } from "../growthbook/encryption.js";
import { revision } from "../replay/planted.js";
import { jsonFile, run } from "../run.js";
import { warehousesOf } from "./answers-equal.js";
import { NOW, type TargetName, writeFunctions } from "./files.js";
import { bodyOf, snowflake } from "./realm.js";

const nowMs = Date.parse(NOW);
const CONFIG = revision(0) as { flags: Record<string, object> };

/** Reads a file that was reviewed against the pages listed in docs/decisions/0072. Change both together. */
function golden(name: string): string {
  return readFileSync(fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url)), "utf8");
}

/** Replaces the engine, which changes with each release, and the hash that depends on it. */
function withoutEngine(text: string): string {
  return text
    .replace(/^var SortitionLibrary=.*$/m, "ENGINE")
    .replaceAll(/(sortition_[0-9a-f]{16}_)[0-9a-f]{16}/g, "$1HASH");
}

describe("sortition function", () => {
  it.each<[TargetName, string]>([
    ["bigquery", "library.js"],
    ["bigquery", "assign.sql"],
    ["bigquery", "replay.sql"],
    ["snowflake", "assign.sql"],
    ["snowflake", "replay.sql"],
  ])("writes the reviewed file for %s: %s", async (target, name) => {
    const { exitCode, files } = await writeFunctions("eppo", CONFIG, target);
    expect(exitCode).toBe(0);
    expect(withoutEngine(files.get(name) ?? "")).toBe(golden(`${target}-${name}`));
  });

  it.each(["eppo", "growthbook", "amplitude", "posthog", "datadog"])(
    "contains an engine for %s that is small enough and cannot end a statement",
    (dialect) => {
      const path = new URL(`../../dist/function/${dialect}.js`, import.meta.url);
      const text = readFileSync(fileURLToPath(path), "utf8");
      expect(text.length).toBeLessThanOrEqual(96_000);
      expect(text).not.toMatch(/\$\$|"""|'''|[^\n -~]/);
      expect(text).not.toMatch(/"use strict"|\bimport\(/);
    },
  );

  const NASTY = [
    "$$",
    '"""',
    "''",
    "*/ drop table x; --",
    "\\",
    "\u2028",
    "\0",
    "\n; drop",
    "`é😀",
  ];

  it("writes all keys and values of a payload into one escaped literal", async () => {
    const [flag] = Object.values(CONFIG.flags);
    const key = NASTY.join("");
    const variations = Object.fromEntries(
      ["a", "b"].map((name) => [name, { key: name, value: key }]),
    );
    const config = { ...CONFIG, flags: { [key]: { ...flag, key, variations } } };
    for (const target of ["bigquery", "snowflake"] as const) {
      const { files } = await writeFunctions("eppo", config, target);
      for (const [name, text] of files) {
        expect(text).toMatch(/^[\n -~]*$/);
        if (!name.endsWith(".sql")) continue;
        const fence = target === "bigquery" ? '"""' : "$$";
        // Comments and strings before the body contain no quote of the payload.
        expect(text.split(fence)).toHaveLength(3);
        expect(text.split("'")).toHaveLength(
          target === "bigquery" ? 5 : 3 + quotesIn(bodyOf(text, fence, fence)),
        );
      }
    }
    const row = [[key, "user-1", { country: "DK" }, nowMs]];
    for (const warehouse of await warehousesOf("eppo", config)) {
      expect(warehouse.call("assign", row)).toMatchObject([{ value: key, allocation: "danes" }]);
    }
  });

  it("prepares the engine once, although a body is evaluated for each row", async () => {
    const rows = Array.from({ length: 50 }, (_, i) => [
      "checkout",
      `user-${i}`,
      { country: "DK" },
      nowMs,
    ]);
    for (const warehouse of await warehousesOf("eppo", CONFIG)) {
      const configs = (): number =>
        warehouse.parsedLengths().filter((length) => length > 300 && length < 1_500).length;
      warehouse.callAnew("assign", rows.slice(0, 1));
      const prepared = configs();
      expect(prepared).toBeGreaterThan(0);
      warehouse.callAnew("assign", rows);
      expect(configs()).toBe(prepared);
    }
  });

  it.each([
    { because: "it is NULL", row: [null, "u", {}, nowMs], detail: "flag" },
    { because: "the flag is unknown", row: ["chekout", "u", {}, nowMs], detail: "flag" },
    { because: "it is empty", row: ["checkout", "", {}, nowMs], detail: "subject" },
    { because: "it is a list", row: ["checkout", "u", [1], nowMs], detail: "attributes" },
    { because: "it is NULL", row: ["checkout", "u", {}, null], detail: "now_ms" },
    { because: "it is in seconds", row: ["checkout", "u", {}, nowMs / 1_000], detail: "now_ms" },
    { because: "it is out of range", row: ["checkout", "u", {}, 1e300], detail: "now_ms" },
  ])("names $detail of a bad row, because $because", async ({ detail, row }) => {
    for (const warehouse of await warehousesOf("eppo", CONFIG)) {
      expect(warehouse.call("assign", [row])).toEqual([{ kind: "bad-row", detail }]);
    }
  });

  it("reads NULL attributes as no attributes", async () => {
    for (const warehouse of await warehousesOf("eppo", CONFIG)) {
      expect(warehouse.call("assign", [["checkout", "u", null, nowMs]])).toEqual([
        { variation: null, allocation: null, experiment: null, value: null, missing: "country" },
      ]);
    }
  });

  it("contains the requested flags and their dependencies", async () => {
    const flag = (key: string, more: object = {}): object => ({
      key,
      variants: { on: { key: "on", value: key } },
      segments: [{ variant: "on", metadata: { segmentName: "all" } }],
      ...more,
    });
    const config = [flag("a", { dependencies: ["b"] }), flag("b"), flag("c")];
    const { files } = await writeFunctions("amplitude", config, "snowflake", ["a"]);
    expect(files.get("assign.sql")).toContain('\n-- flags: "a", "b"\n');
  });

  it("warns about a statement that is larger than Snowflake recommends", async () => {
    const [flag] = Object.values(CONFIG.flags);
    const big = { ...flag, key: "big", note: "x".repeat(30_000) };
    const config = { ...CONFIG, flags: { ...CONFIG.flags, big } };
    const { exitCode, stderr } = await writeFunctions("eppo", config, "snowflake");
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^warning: a statement is \d+ kB, .* The largest flags are "big" \(\d+ kB\)/m,
    );
  });

  it("decrypts an encrypted payload", async () => {
    const features = { f: { defaultValue: 1, rules: [{ force: 2 }] }, g: { defaultValue: 3 } };
    const config = { encryptedFeatures: await encrypted(features) };
    const more = ["--decryption-key", DECRYPTION_KEY, "f"];
    const { exitCode, files } = await writeFunctions("growthbook", config, "snowflake", more);
    expect(exitCode).toBe(0);
    expect(files.get("assign.sql")).toContain('\n-- flags: "f"\n');
    const rows = [["f", "user-1", {}, nowMs]];
    expect(snowflake(files).call("assign", rows)).toMatchObject([{ value: 2 }]);
    const wrong = ["--decryption-key", "AAAAAAAAAAAAAAAAAAAAAA=="];
    const { stderr } = await writeFunctions("growthbook", config, "snowflake", wrong);
    expect(stderr).toContain(
      "error: encryptedFeatures cannot be decrypted with this --decryption-key",
    );
  });

  const refused = [
    {
      dialect: "growthbook",
      config: { encryptedFeatures: "a.b" },
      problem: "the configuration is encrypted (encryptedFeatures). Add --decryption-key",
    },
    {
      dialect: "growthbook",
      config: { features: { f: { rules: [{ variations: [0, 1], fallbackAttribute: "id" }] } } },
      problem: 'flag "f": a warehouse has no sticky buckets',
    },
    {
      dialect: "eppo",
      config: { ...CONFIG, flags: { "0f8d2fbe5f1f6b9f8d2fbe5f1f6b9f00": {} }, format: "CLIENT" },
      problem: "the configuration is obfuscated",
    },
    {
      dialect: "eppo",
      config: {
        ...CONFIG,
        banditReferences: {
          b: {
            flagVariations: [
              { key: "b", flagKey: "checkout", variationKey: "a", variationValue: "a" },
            ],
          },
        },
      },
      problem: 'flag "checkout": a bandit chooses the action',
    },
  ];

  it.each(refused)("rejects a configuration: $problem", async ({ config, dialect, problem }) => {
    const { exitCode, files, stderr, stdout } = await writeFunctions(dialect, config, "snowflake");
    expect({ exitCode, stdout, files: files.size }).toEqual({ exitCode: 2, stdout: "", files: 0 });
    expect(stderr).toContain(`error: ${problem}`);
    expect(stderr.split("\n").filter((line) => line.startsWith("error:"))).toHaveLength(1);
  });

  it.each([
    {
      more: ["--target", "bigqery"],
      problem: '--target: "bigqery" is unknown, did you mean "bigquery"?',
    },
    {
      more: ["--target", "snowflake", "chekout"],
      problem: 'there is no flag "chekout" in the configuration, did you mean "checkout"?',
    },
    { more: ["--target", "bigquery"], problem: "--library is missing" },
    {
      more: ["--target", "bigquery", "--library", "gs://b/'); drop"],
      problem: "--library: expected a URI",
    },
    { more: ["--target", "snowflake", "--name", "a;b"], problem: "--name: expected a name" },
    { more: [], problem: "--target is missing; expected bigquery, snowflake" },
  ])("rejects $more", async ({ more, problem }) => {
    const file = jsonFile("refused.json", CONFIG);
    const { exitCode, stderr } = await run(["function", "--config", file, ...more]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error: ${problem}`);
  });
});

function quotesIn(text: string): number {
  return text.split("'").length - 1;
}
