import { isURLTargeted as vendors } from "@growthbook/growthbook";
import { Configuration } from "@sortition/core";
import { seededRandom } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { isGlobMatch } from "../src/dialect/url/glob.js";
import { isURLTargeted } from "../src/dialect/url/targeting.js";
import {
  evaluateAutoExperiments,
  evaluateExperiment,
  type GrowthbookConfiguration,
  type GrowthbookOptions,
  growthbook,
} from "../src/dialect.js";

const random = seededRandom(5);
const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? "";
const some = (list: readonly string[], most: number): string =>
  Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(list)).join("");

describe("simple URL patterns", () => {
  it("match like the vendor's", () => {
    let targeted = 0;
    const differing: object[] = [];
    for (let i = 0; i < 8_000; i++) {
      const url = `${pick(["", "https://ex.com/"])}${some(URL_PARTS, 4)}`;
      const pattern = `${pick(["", "", "https://ex.com", "*.com"])}${some(URL_PARTS, 4)}`;
      const target = { include: true, type: "simple" as const, pattern };
      const expected = vendors(url, [target]);
      if (expected) targeted += 1;
      if (isURLTargeted(url, [target]) !== expected) differing.push({ url, pattern, expected });
    }
    expect(differing).toEqual([]);
    expect(targeted).toBeGreaterThan(300);
  });

  it("match like case-insensitive regular expressions", () => {
    const differing: object[] = [];
    for (let i = 0; i < 20_000; i++) {
      const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, () => some(UNITS, 2));
      const text = some(UNITS, 7);
      const escaped = parts.map((it) => it.replace(/[*.+?^${}()|[\]\\]/g, "\\$&"));
      const expected = new RegExp(`^${escaped.join(".*")}$`, "i").test(text);
      if (isGlobMatch(text, parts) !== expected) differing.push({ text, parts, expected });
    }
    expect(differing).toEqual([]);
  });

  it("take linear time", () => {
    const url = `https://ex.com/${"a".repeat(100_000)}`;
    const target = { include: true, type: "simple" as const, pattern: "/*a*a*a*a*a*a*b" };
    expect(isURLTargeted(url, [target])).toBe(false);
  });
});

describe("URL patterns that are regular expressions", () => {
  const experimentOn = (...patterns: string[]) => ({
    key: "e",
    variations: [{}, { css: "a {}" }] as [object, object],
    weights: [0, 1],
    urlPatterns: patterns.map((pattern) => ({ include: true, type: "regex" as const, pattern })),
  });
  const experiments = [experimentOn("^/(a+)+$"), experimentOn("(?:.*)(?:.*)(?:.*)(?:.*)=$")];
  const configurationOf = (options: GrowthbookOptions) =>
    Configuration.from({
      dialect: growthbook(options),
      payloads: { flags: JSON.stringify({ features: {}, experiments }) },
    }) as GrowthbookConfiguration;

  it("are reported as issues", () => {
    const found = [{ code: "risky-pattern", path: "$.experiments[0].urlPatterns[0].pattern" }];
    expect(configurationOf({}).issues).toMatchObject(found);
    expect(configurationOf({ refuseRiskyPatterns: true }).issues).toMatchObject(found);
  });

  it("cannot hang the process with refuseRiskyPatterns", () => {
    const configuration = configurationOf({ refuseRiskyPatterns: true });
    const viewed: string[] = [];
    for (const path of [`${"a".repeat(50_000)}!`, "aaa", "b=", "b"]) {
      const user = {
        attributes: { id: "1" },
        url: `https://ex.com/${path}`,
        onViewed: () => viewed.push(path),
      };
      evaluateAutoExperiments(configuration, user);
      for (const experiment of experiments) evaluateExperiment(configuration, experiment, user);
    }
    expect(viewed).toEqual(["b=", "b="]);
  });
});

const URL_PARTS = [
  ...[
    "/",
    "a",
    "b",
    "*",
    "_____",
    "?",
    "&",
    "=",
    "q",
    "#",
    "h",
    "ex.com",
    "https://",
    "EX.com",
    "%0A",
  ],
  ...["%C3%A9", "é", "+", "//", "/*", "*/", ".", "__", "?q=a", "?q=*", "#h*", "a/b", "/b/"],
];
const UNITS = [
  ...[
    "a",
    "b",
    "A",
    "k",
    "K",
    "\u212a",
    "ſ",
    "S",
    "s",
    "ß",
    "ẞ",
    "ŉ",
    "é",
    "É",
    "Σ",
    "ς",
    "я",
    "Я",
  ],
  ...["\n", "\u2028", "/", ".", "*", "😀", "µ", "Μ"],
];
