import { readFileSync } from "node:fs";
import { ifWhole, isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run, tempFile } from "../run.js";
import { SHARED_FORMATS, type SharedFlags } from "./shared-flags.js";

const SUBJECTS = 250;
const input = ndjson(
  Array.from({ length: SUBJECTS }, (_, i) => ({ subjectKey: `user-${i}`, subjectAttributes: {} })),
);

const PLAIN: SharedFlags = { layer: null, heldOut: null };
const LAYER: SharedFlags = {
  layer: [
    [0, 50],
    [50, 100],
  ],
  heldOut: null,
};
const HOLDOUT: SharedFlags = { layer: null, heldOut: 20 };

/** The lines of `--json` about layers and holdouts. */
interface Found {
  readonly keptApart?: readonly string[];
  readonly holdout?: string;
  readonly flags?: readonly string[];
  readonly source: string;
  readonly total: number;
  readonly layer?: string;
  readonly both?: number;
  readonly pairs?: readonly { readonly flags: readonly string[]; readonly both: number }[];
  readonly held?: number;
  readonly differ?: number;
  readonly newHeld?: number;
}

async function diff(
  [oldName, newName]: readonly [string, string],
  [old, now]: readonly [SharedFlags, SharedFlags],
  more: readonly string[] = ["--subjects", "-", "--json"],
): Promise<string> {
  const [oldFile, newFile] = [
    tempFile("old.json", SHARED_FORMATS[oldName]?.[0]?.payloadOf(old) ?? ""),
    tempFile("new.json", SHARED_FORMATS[newName]?.[0]?.payloadOf(now) ?? ""),
  ];
  const dialects = ["--dialect", oldName, "--dialect-new", newName];
  const { exitCode, stdout } = await run(
    ["diff", oldFile, newFile, ...dialects, "--quiet", ...more],
    more.includes("--subjects") ? input : "",
  );
  expect(exitCode).toBe(0);
  return stdout;
}

function foundIn(stdout: string): readonly Found[] {
  const lines = stdout.split("\n").slice(0, -1);
  return lines
    .map((line) => JSON.parse(line) as Found)
    .filter((it) => it.keptApart !== undefined || it.holdout !== undefined);
}

const NAMES = Object.keys(SHARED_FORMATS);
const canExpress = (name: string, what: "layers" | "holdouts"): boolean =>
  typeof SHARED_FORMATS[name]?.[0]?.[what] === "string";
const isStatsig = (name: string): boolean => name === "statsig";
// Each vendor that has one, with itself, with the next one in the table and with Statsig, in both directions. A part has one pair
// of every second vendor, of the others for holdouts. The test of the contract has all vendors.
const pairsWith = (what: "layers" | "holdouts") =>
  NAMES.filter((it) => canExpress(it, what)).flatMap((old, i) => {
    if (!isWhole && i % 3 !== Number(what === "holdouts")) return [];
    const next = NAMES[(NAMES.indexOf(old) + 1) % NAMES.length];
    const others = NAMES.filter(
      (now) =>
        now === old ||
        now === next ||
        (canExpress(now, what) && (isStatsig(old) || isStatsig(now))),
    ).filter((_, j) => isWhole || j === i % 2);
    return others.map((now) => ({ old, now, hasBoth: canExpress(now, what) }));
  });

describe("sortition diff of flags that share subjects", () => {
  it.each(pairsWith("layers"))(
    "finds subjects of two flags that OLD keeps apart: $old → $now",
    async ({ hasBoth, now, old }) => {
      const [found, ...more] = foundIn(await diff([old, now], [LAYER, PLAIN]));
      expect(found).toMatchObject({ keptApart: ["a", "b"], source: "subjects", total: SUBJECTS });
      // Everyone is in both.
      expect(found?.both).toBe(SUBJECTS);
      expect(more).toEqual([]);
      expect(foundIn(await diff([old, now], [PLAIN, PLAIN]))).toEqual([]);
      if (hasBoth) expect(foundIn(await diff([old, now], [LAYER, LAYER]))).toEqual([]);
    },
  );

  it.each(pairsWith("holdouts"))(
    "finds subjects of a holdout that get another value: $old → $now",
    async ({ hasBoth, now, old }) => {
      const [found, ...more] = foundIn(await diff([old, now], [HOLDOUT, PLAIN]));
      expect(more).toEqual([]);
      expect(found).toMatchObject({ flags: ["a", "b"], total: SUBJECTS });
      const { differ = 0, held = 0 } = found ?? {};
      expect(held / SUBJECTS).toBeCloseTo(0.2, 1);
      expect(differ / held).toBeGreaterThan(0.6);
      if (!hasBoth) return;
      expect(foundIn(await diff([old, now], [HOLDOUT, HOLDOUT]))).toEqual([]);
      const [lost] = foundIn(await diff([old, now], [HOLDOUT, { ...HOLDOUT, isForOne: true }]));
      expect(lost).toMatchObject({ held });
      expect((lost?.differ ?? 0) / held).toBeGreaterThan(0.3);
      const [other] = foundIn(await diff([old, now], [HOLDOUT, { ...HOLDOUT, heldOut: 2 }]));
      expect(other).toMatchObject({ differ: 0, held });
      expect((other?.newHeld ?? 0) / SUBJECTS).toBeLessThan(0.05);
    },
  );

  ifWhole(it)("says it in text and on the page, also of made-up subjects", async () => {
    const both = { ...LAYER, heldOut: 20 };
    const lines = await diff(["statsig", "growthbook"], [both, PLAIN], []);
    const text = lines.replaceAll(/\s+/g, " ");
    expect(text).toContain(
      "10,000 of 10,000 made-up subjects would be in a and b at once; OLD keeps them apart",
    );
    expect(text).toMatch(
      /q1: OLD holds 20\.\d% of made-up subjects out of 2 flags; NEW gives [\d,]+ of these [\d,]+ another value/,
    );
    const path = tempFile("page.html", "");
    await diff(["eppo", "eppo"], [both, PLAIN], ["--html", path]);
    expect(readFileSync(path, "utf8")).toContain("OLD keeps them apart");
  });

  describe("of a layer of many experiments", () => {
    const features = (hasLayer: boolean): object =>
      Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => {
          const namespace = ["shop", i / 20, (i + 1) / 20];
          const variations = ["control", "treatment"];
          const own = hasLayer ? { namespace } : { coverage: i < 2 ? 1 : 0.1 };
          const rule = { id: "experiment", key: `experiment-${i}`, variations, ...own };
          return [`flag-${i}`, { defaultValue: "off", rules: [rule] }];
        }),
      );
    const [old, now] = [true, false].map((hasLayer) =>
      jsonFile(`layer-${hasLayer}.json`, { features: features(hasLayer) }),
    ) as [string, string];
    const args = ["diff", old, now, "--subjects", "-", "--quiet"];

    ifWhole(it)("has one line of JSON, which names the largest pairs", async () => {
      const { stdout } = await run([...args, "--json"], input);
      const [found, ...more] = foundIn(stdout);
      expect(more).toEqual([]);
      const all = { layer: "namespace shop of id", both: SUBJECTS, total: SUBJECTS };
      expect(found).toMatchObject(all);
      expect(found?.keptApart).toHaveLength(20);
      expect(found?.pairs?.[0]).toEqual({ flags: ["flag-0", "flag-1"], both: SUBJECTS });
    });

    it("has one sentence, which names the largest pairs", async () => {
      const text = (await run(args, input)).stdout.replaceAll(/\s+/g, " ");
      expect(text.match(/keeps them apart/g)).toHaveLength(1);
      expect(text).toMatch(
        /250 of 250 subjects would be in 2 or more of 20 experiments at once; OLD keeps them apart \(namespace shop of id\): flag-0 and flag-1 250, flag-\d and flag-\d+ \d+, flag-\d and flag-\d+ \d+, and 1?\d\d more pairs/,
      );
    });
  });

  ifWhole(it)("says nothing if OLD does not tell", async () => {
    const text = await diff(["growthbook", "statsig"], [PLAIN, LAYER], ["--subjects", "-"]);
    expect(text).not.toContain("Layers and holdouts");
  });
});
