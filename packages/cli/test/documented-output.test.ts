import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { growthbook } from "@sortition/growthbook/dialect";
import { seededRandom } from "@sortition/proof";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import { gte, split, testFlags } from "@sortition/testing";
import { describe, expect, it } from "vitest";
import { EXAMPLE } from "./eppo/eppo-config.js";
import { jsonFile, ndjson, run, tempFile, tempFolder } from "./run.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const CHECK = "docs/guides/before-and-after.md";
const VENDOR = "docs/guides/change-your-vendor.md";
const README = "packages/cli/README.md";

/** Blocks that are no output of the command, by their first line. */
const OTHERS: readonly RegExp[] = [
  /^1\. A configuration server runs on /, // The demo's output, which has other times and ports in each run.
  /^score {2}= intercept/,
  /^sum by \(/,
  /^ACL SETUSER /,
  /^sortition_relay_requests_total/,
  /^shard = first 4 bytes/,
];

/** The blocks without a language on the pages that are not generated. */
function blocksOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), "utf8");
  const all = [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)];
  return all.flatMap(([, , language, block = ""]) => (language === "" ? [block] : []));
}

const PAGES = [
  ...["docs", "docs/guides", "docs/reference", "docs/vendors"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .map((name) => `${folder}/${name}`)
      .filter((page) => page.endsWith(".md") && page !== "docs/cli.md"),
  ),
  ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/README.md`),
];

/** A configuration of the flag `checkout`, which gives `on` to shards below `end`, and of other flags. */
function checkout(end: number, countries: readonly string[] | null, others = 0): object {
  const shares = { on: end / 100, off: 100 - end / 100 };
  const keys = ["checkout", ...Array.from({ length: others }, (_, i) => `flag-${i}`)];
  const flags = keys.map((key) =>
    splitFlag({
      ...{ key, name: "half", salt: "half", type: "boolean", shares },
      values: { on: true, off: false },
      when: countries === null ? {} : { country: countries },
    }),
  );
  return { ...flagsPayload("eppo", flags), environment: { name: "live" } };
}

/** Exposures of `checkout`, one per minute. Rows for which `keeps` returns false are lost. */
function exposuresOf(
  config: object,
  subjects: readonly Readonly<Record<string, string>>[],
  keeps: (variation: string, attributes: Readonly<Record<string, string>>) => boolean,
): Readonly<Record<string, unknown>>[] {
  const payloads = { flags: JSON.stringify(config) };
  const initialConfiguration = Configuration.from({ dialect: eppo(), payloads });
  const client = createClient({ initialConfiguration, assignmentLogger: null });
  return subjects.flatMap((subjectAttributes, i) => {
    const isOn = client.getBooleanAssignment("checkout", `user-${i}`, subjectAttributes, false);
    const variation = isOn ? "on" : "off";
    if (!keeps(variation, subjectAttributes)) return [];
    const timestamp = new Date(Date.UTC(2026, 1, 1) + i * 60_000).toISOString();
    const named = { featureFlag: "checkout", allocation: "half", experiment: "checkout-half" };
    return [{ ...named, variation, subject: `user-${i}`, subjectAttributes, timestamp }];
  });
}

async function diff(): Promise<string> {
  const old = jsonFile("flags.json", checkout(5_000, null, 41));
  const changed = checkout(5_000, null, 41) as { flags: Record<string, object> };
  const { flags } = checkout(4_200, null) as { flags: Record<string, object> };
  const now = jsonFile("new-flags.json", { ...changed, flags: { ...changed.flags, ...flags } });
  const rows = Array.from({ length: 20_000 }, (_, i) => ({ subjectKey: `user-${i}` }));
  const subjects = tempFile("subjects.ndjson", ndjson(rows));
  return (await run(["diff", old, now, "--subjects", subjects])).stdout;
}

async function replay(): Promise<string> {
  const config = checkout(5_000, ["DK"]);
  const folder = join(tempFolder(), "revisions");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "1.json"), JSON.stringify(config));
  const subjects = Array.from({ length: 1_200 }, () => ({ country: "DK" }));
  const rows = exposuresOf(config, subjects, () => true);
  const wrong = rows.map((row, i) => {
    return i === 16 ? { ...row, variation: row["variation"] === "on" ? "off" : "on" } : row;
  });
  const path = tempFile("exposures.ndjson", ndjson(wrong));
  return (await run(["replay", path, "--history", folder, "--list"])).stdout;
}

async function srm(
  by: string,
  subjects: readonly Readonly<Record<string, string>>[],
  keeps: Parameters<typeof exposuresOf>[2],
): Promise<string> {
  const config = checkout(5_000, null);
  const path = tempFile("week.ndjson", ndjson(exposuresOf(config, subjects, keeps)));
  const flags = jsonFile("flags.json", config);
  return (await run(["srm", path, "--config", flags, "--by", by])).stdout;
}

/** The Danish site loses most exposures of `off`. */
async function mismatch(): Promise<string> {
  const random = seededRandom(1);
  const countries = ["DK", "SE", "SE", "SE", "NO", "NO", "NO", "FI", "FI", "FI"];
  const subjects = Array.from({ length: 10_080 }, (_, i) => ({ country: `${countries[i % 10]}` }));
  return await srm("country", subjects, (variation, { country }) => {
    return variation === "on" || country !== "DK" || random() < 0.1;
  });
}

/** Bots only get `on`. */
async function bots(): Promise<string> {
  const browsers = [...Array<string>(200).fill("chrome"), "bot", "bot"];
  const subjects = Array.from({ length: 20_200 }, (_, i) => ({ browser: `${browsers[i % 202]}` }));
  return await srm("browser", subjects, (variation, { browser }) => {
    return browser !== "bot" || variation === "on";
  });
}

async function vendors(): Promise<string> {
  const payloadOf = (dialect: object, minAge: number, banner: string): string => {
    const flags = testFlags({ dialect: dialect as ReturnType<typeof eppo> });
    flags
      .string("new-checkout")
      .variations("fast", "standard")
      .when({ plan: "pro" })
      .give("standard")
      .when({ country: ["DK", "SE"], age: gte(minAge) })
      .give("fast")
      .when({ country: ["NO"] })
      .give(split({ fast: 20, standard: 80 }))
      .otherwise("standard");
    flags.boolean(banner).otherwise("on");
    for (let i = 0; i < 18; i++) flags.boolean(`flag-${i}`).otherwise("on");
    return flags.payload();
  };
  const old = tempFile("eppo.json", payloadOf(eppo(), 18, "banner"));
  const now = tempFile("growthbook.json", payloadOf(growthbook(), 19, "promo-banner"));
  const random = seededRandom(3);
  const rows = Array.from({ length: 2_000 }, (_, i) => ({
    subjectKey: `user-${i}`,
    subjectAttributes: {
      country: ["DK", "SE", "NO"][Math.floor(3 * random())],
      age: 16 + Math.floor(30 * random()),
      plan: random() < 0.1 ? "pro" : "free",
    },
  }));
  const subjects = tempFile("subjects.ndjson", ndjson(rows));
  return (await run(["diff", old, now, "--subjects", subjects, "--dialect-new", "growthbook"]))
    .stdout;
}

async function explain(): Promise<string> {
  const flags = jsonFile("flags.json", EXAMPLE);
  const subject = ["--subject", "user-1", "--attributes", '{"country":"DK"}'];
  const now = ["--now", "2026-02-01T12:00:00Z"];
  return (await run(["explain", "new-checkout", "--config", flags, ...subject, ...now])).stdout;
}

interface Output {
  readonly what: string;
  readonly print: () => Promise<string>;
}

/** The output blocks of the command, in the order of their page. */
const OUTPUTS: ReadonlyMap<string, readonly Output[]> = new Map([
  [
    CHECK,
    [
      { what: "diff", print: diff },
      { what: "replay", print: replay },
      { what: "srm, with a mismatch", print: mismatch },
      { what: "srm, with a mismatch of a part", print: bots },
    ],
  ],
  [VENDOR, [{ what: "diff between two vendors", print: vendors }]],
  [README, [{ what: "explain", print: explain }]],
]);

describe.each(PAGES)("%s", (page) => {
  const blocks = blocksOf(page).filter((block) => !OTHERS.some((it) => it.test(block)));
  const outputs = OUTPUTS.get(page) ?? [];

  it("has a test for each output block", () => {
    expect(blocks.slice(outputs.length)).toEqual([]);
  });

  it.each(outputs.map((it, i) => ({ ...it, block: blocks[i] })))(
    "shows what the command prints: $what",
    async ({ block, print }) => {
      expect(block).toBe(await print());
    },
  );
});
