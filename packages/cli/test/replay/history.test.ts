import { mkdtempSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { jsonFile, ndjson, run, tempFile } from "../run.js";

const [eppo] = GENERATED_DIALECTS;
const CHANGE_MS = Date.parse("2026-02-01T12:00:00Z");
const GRACE_MS = 60_000;

/** Creates a folder of revisions. The first gives all subjects `a`, and the second gives them `b`. */
function historyOf(...publishedAt: readonly (number | null)[]): string {
  const folder = mkdtempSync(join(tempFile("in", ""), "..", "history-"));
  publishedAt.forEach((ms, i) => {
    const flag = { key: "banner", salt: "s", countries: null, traffic: 100, isOpen: true };
    const values = { a: "red", b: "blue" };
    const config = eppo?.configOf([{ ...flag, values, share: i === 0 ? 100 : 0 }]) as object;
    const path = join(folder, `${9 + i}.json`);
    const createdAt = ms === null ? null : new Date(ms).toISOString();
    writeFileSync(path, JSON.stringify({ ...config, createdAt }));
    utimesSync(path, CHANGE_MS / 1_000, CHANGE_MS / 1_000);
  });
  return folder;
}

const HOUR_MS = 3_600_000;

/** Replays exposures, and returns how they are judged. */
async function kindsOf(
  folder: string,
  events: readonly { readonly variation: string; readonly timestamp: number }[],
  more: readonly string[] = [],
) {
  const common = { featureFlag: "banner", subject: "user-1", allocation: "split" };
  const { stderr, stdout } = await run(
    ["replay", "-", "--history", folder, "--dialect", "eppo", "--json", ...more],
    ndjson(events.map((event) => ({ ...common, subjectAttributes: {}, ...event }))),
  );
  const { total, ...across } = JSON.parse(stdout.split("\n").at(-2) ?? "");
  const kinds = Object.entries(total).filter(([, count]) => count !== 0);
  return { kinds: Object.fromEntries(kinds), across, stderr };
}

describe("sortition replay --history", () => {
  const folder = historyOf(CHANGE_MS - HOUR_MS, CHANGE_MS);

  it.each([
    { variation: "b", at: -GRACE_MS, kind: "right" },
    { variation: "b", at: -GRACE_MS - 1, kind: "another-revision" },
    { variation: "a", at: 0, kind: "right" },
    { variation: "a", at: GRACE_MS, kind: "right" },
    { variation: "a", at: GRACE_MS + 1, kind: "another-revision" },
  ])("judges $variation at $at ms after the change as $kind", async ({ at, kind, variation }) => {
    const { kinds } = await kindsOf(folder, [{ variation, timestamp: CHANGE_MS + at }]);
    expect(kinds).toEqual({ [kind]: 1 });
  });

  it("accepts only the current revision with --grace 0", async () => {
    const events = ["a", "b"].map((variation) => ({ variation, timestamp: CHANGE_MS }));
    const { kinds } = await kindsOf(folder, events, ["--grace", "0"]);
    expect(kinds).toEqual({ right: 1, "another-revision": 1 });
  });

  it("detects the dialect from the newest revision", async () => {
    const { stderr } = await run(["replay", "-", "--history", folder], "");
    expect(stderr).toContain(
      `dialect: eppo (detected from --history ${join(folder, "10.json")})\n`,
    );
  });

  it("names a revision that is a broken link", async () => {
    const linked = historyOf(CHANGE_MS);
    symlinkSync("nowhere", join(linked, "8.json"));
    const { exitCode, stderr } = await run(["replay", "-", "--history", linked]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/8\.json: cannot be read: no such file/);
  });

  it("accepts either of two revisions with the same time, and warns", async () => {
    const events = ["a", "b"].map((variation) => ({ variation, timestamp: CHANGE_MS + HOUR_MS }));
    const { kinds, stderr } = await kindsOf(historyOf(null, null), events);
    expect(kinds).toEqual({ right: 2 });
    // The files are sorted by number, not alphabetically.
    expect(stderr).toMatch(
      /9\.json and \S+10\.json have the same time, so exposures may match either/,
    );
  });

  it("reports a variation kept by a sticky bucket as overridden, unless it is right anyway", async () => {
    const timestamp = CHANGE_MS + HOUR_MS;
    const events = ["a", "b"].map((variation) => ({
      variation,
      timestamp,
      stickyBucketUsed: true,
    }));
    expect((await kindsOf(folder, events)).kinds).toEqual({ right: 1, overridden: 1 });
  });

  it("does not explain two variations by a revision when one of them cannot be judged", async () => {
    const readsNation = { key: "banner", salt: "s", traffic: 100, isOpen: true, share: 100 };
    const flag = { ...readsNation, countries: ["DK"], values: { a: "red", b: "blue" } };
    const config = jsonFile("nation.json", eppo?.configOf([flag]));
    const common = { featureFlag: "banner", subject: "user-1", allocation: "split" };
    const events = [
      { ...common, variation: "a", subjectAttributes: { nation: "DK" }, timestamp: CHANGE_MS },
      { ...common, variation: "b", subjectAttributes: {}, timestamp: CHANGE_MS },
    ];
    const { stdout } = await run(["replay", "-", "--config", config, "--json"], ndjson(events));
    expect(JSON.parse(stdout.split("\n").at(-2) ?? "")).toMatchObject({
      total: { right: 1, "attributes-missing": 1 },
      twoVariations: 1,
      twoVariationsByRevision: 0,
    });
  });
});
