import { readFileSync } from "node:fs";
import { ifWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import type { GeneratedFlag } from "../generated/flags.js";
import { jsonFile, ndjson, run, tempFile } from "../run.js";

const [eppo] = GENERATED_DIALECTS;
const NASTY = `<script src="https://x.test/a.js">'&"</script>`;

function flagNamed(key: string, share = 50): GeneratedFlag {
  const values = { a: "red", b: "blue" };
  return { key, salt: "s", countries: null, traffic: 100, share, values, isOpen: true };
}

function configOf(name: string, flags: readonly GeneratedFlag[]): string {
  return jsonFile(name, eppo?.configOf(flags));
}

function exposureOf(flag: string, i: number): object {
  return {
    featureFlag: flag,
    allocation: "split",
    variation: i % 5 === 0 ? NASTY : "a",
    subject: `subject-${i}`,
    timestamp: "2026-02-01T12:00:00Z",
    subjectAttributes: { plan: NASTY },
  };
}

/** Runs a command with `--html`, and returns the page. */
async function pageOf(args: readonly string[], input: string): Promise<string> {
  const page = tempFile("page.html", "");
  const { stderr } = await run([...args, "--html", page], input);
  expect(
    stderr.replace(/^error: .* exposures of known flags (?:is|are) wrong, .*$/m, ""),
  ).not.toContain("error:");
  return readFileSync(page, "utf8");
}

const few = (keys: readonly string[]) => {
  const old = configOf(
    "old.json",
    keys.map((key) => flagNamed(key)),
  );
  const now = configOf(
    "new.json",
    keys.map((key) => flagNamed(key, 40)),
  );
  const subjects = ndjson(
    Array.from({ length: 200 }, (_, i) => ({ subjectKey: `subject-${i}`, subjectAttributes: {} })),
  );
  const events = ndjson(
    keys.flatMap((key) => Array.from({ length: 200 }, (_, i) => exposureOf(key, i))),
  );
  return [
    { args: ["diff", old, now, "--dialect", "eppo", "--subjects", "-", "--list"], input: subjects },
    { args: ["replay", "-", "--dialect", "eppo", "--config", old, "--list"], input: events },
    { args: ["srm", "-", "--dialect", "eppo", "--config", old, "--by", "plan"], input: events },
  ];
};

describe.each(["diff", "replay", "srm"])("the page of sortition %s", (command) => {
  const ofOne = command === "srm" ? it : ifWhole(it);
  const inputOf = (keys: readonly string[]) =>
    few(keys).find(({ args }) => args[0] === command) as ReturnType<typeof few>[number]; // always found

  it("has no scripts and no URLs, whatever a configuration or an event contains", async () => {
    const { args, input } = inputOf([NASTY]);
    const page = await pageOf(args, input);
    expect(page).toContain("&lt;script src=&quot;https://x.test/a.js&quot;&gt;&#39;&amp;&quot;");
    const tags = page.match(/<[^>]*>/g) ?? [];
    expect(tags.filter((tag) => /script|https?:|\/\/|url\(|@import| on\w+=/.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /href|src/.test(tag) && !tag.includes("Policy"))).toEqual([
      '<link rel="icon" href="data:,">',
    ]);
    expect(page).toMatch(/<svg [^>]*aria-hidden="true">/);
  });

  const termsOf = (page: string): Record<string, string> =>
    Object.fromEntries(
      [...page.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(([, term, text]) => [term, text]),
    );

  it("shows its input, its options and when it was written", async () => {
    const { args, input } = inputOf(["checkout"]);
    const sampled = [...args, "--sample", "90%", "--max-bad", "1"];
    const minuteMs = Math.floor(Date.now() / 60_000) * 60_000;
    const about = termsOf(await pageOf(sampled, input));
    expect(about[command === "diff" ? "Subjects" : "Exposures"]).toBe("stdin");
    if (command !== "diff") expect(about["Time"]).toMatch(/^2026-02-01(?:T12:00Z)?$/);
    expect(about["Configuration"] ?? about["Configurations"]).toMatch(
      /old\.json, revision [0-9a-f]{16}/,
    );
    expect(about["Options"]).toContain("--sample 90% --max-bad 1");
    const { Written = "" } = about;
    const writtenMs = Date.parse(Written.split(" ")[0] ?? "");
    expect(writtenMs).toBeGreaterThanOrEqual(minuteMs);
    expect(writtenMs).toBeLessThanOrEqual(Date.now());
    expect(Written).toMatch(
      new RegExp(`by sortition ${command}, dialect eppo, version \\d+\\.\\d+`),
    );
  });

  it("counts the lines that could not be read", async () => {
    const { args, input } = inputOf(["checkout"]);
    const about = termsOf(await pageOf(args, `${input}{\n{\n`));
    expect(about["Skipped"]).toContain("2 lines could not be read");
  });

  ofOne("has colours for dark mode, and tables that scroll on narrow screens", async () => {
    const { args, input } = inputOf(["checkout"]);
    const page = await pageOf(args, input);
    expect(page).toContain("@media (prefers-color-scheme: dark)");
    const tables = page.match(/<table/g) ?? [];
    expect(page.match(/<div class="table"><table/g)).toHaveLength(tables.length);
  });

  ofOne("breaks words only in the titles of table rows", async () => {
    const { args, input } = inputOf(["checkout"]);
    const page = await pageOf(args, input);
    const rules = page.match(/[^{}\n]+ \{ [^{}]*overflow-wrap: anywhere \}/g) ?? [];
    const cells = rules.filter((rule) => /\bt[hd]\b/.test(rule));
    expect(cells.map((rule) => rule.split(" {")[0])).toEqual(["th[scope=row]"]);
  });

  it("contains subject keys only with --show-subjects", async () => {
    const { args, input } = inputOf(["checkout"]);
    expect(await pageOf(args, input)).not.toContain("subject-");
    if (command === "srm") return; // lists no subjects
    expect(await pageOf([...args, "--show-subjects"], input)).toContain("subject-");
  });

  it("is the same with --json", async () => {
    const { args, input } = inputOf(["checkout"]);
    const unlisted = args.filter((arg) => arg !== "--list");
    const [json, text] = [
      await pageOf([...unlisted, "--json"], input),
      await pageOf(unlisted, input),
    ].map((page) => page.replace(/<dt>Written.*/, ""));
    expect(json).toBe(text);
  });
});

describe("--html", () => {
  it("reports a page that cannot be written", async () => {
    const [{ args, input } = { args: [], input: "" }] = few(["checkout"]);
    const { exitCode, stderr } = await run([...args, "--html", "/no/such/folder/page.html"], input);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "--html /no/such/folder/page.html: cannot write the file: no such file or directory (ENOENT): does its folder exist?",
    );
  });
});

describe("the page of sortition replay", () => {
  const flags = ["faulty", "sound"].map((key) => flagNamed(key, 100));
  const events = (wrong: number): string =>
    ndjson(
      flags.flatMap(({ key }, f) =>
        Array.from({ length: 200 }, (_, i) => ({
          featureFlag: key,
          allocation: "split",
          variation: f === 0 && i < wrong ? "b" : "a",
          subject: `subject-${i}`,
          timestamp: `2026-02-0${1 + (i % 2)}T12:00:00Z`,
        })),
      ),
    );
  const replayPageOf = (wrong: number, more = ""): Promise<string> =>
    pageOf(
      [
        ...["replay", "-", "--dialect", "eppo", "--config", configOf("sound.json", flags)],
        ...["--max-unknown", "100%"],
      ],
      events(wrong) + more,
    );

  it("scales the bars to the day with the largest share that is not right", async () => {
    const page = await replayPageOf(2);
    expect(page).toContain("a full bar means 1% of the exposures or more");
    expect(page).toContain('<rect class="wrong" x="0" width="160" height="10"/>');
  });

  it("ignores unknown flags and days with few exposures for the scale", async () => {
    const [first = ""] = events(2).split("\n");
    const others = [
      first.replace('"faulty"', '"unknown"'),
      first.replace("2026-02-01", "2026-02-03"),
    ];
    const page = await replayPageOf(2, `${others.join("\n")}\n`);
    expect(page).toContain("a full bar means 1% of the exposures or more");
    const widths = [...page.matchAll(/<rect class="wrong" x="0" width="([\d.]+)"/g)];
    expect(Math.max(...widths.map(([, width]) => Number(width)))).toBe(160);
  });

  it("folds the days on which every exposure is right", async () => {
    const page = await replayPageOf(1);
    expect(page).toContain("<summary>Flags and days on which all exposures are right: 3</summary>");
    expect(page).toContain('<th scope="row">sound</th><td class="number" data-label="Days">2</td>');
    expect(page).not.toContain("sound, <time>");
    expect(page).toContain("faulty, <time>2026-02-01</time>");
  });

  it("has no table of days if all of them are right", async () => {
    const page = await replayPageOf(0);
    expect(page).not.toContain("by flag and day");
    expect(page).toContain("right: 4</summary>");
  });
});
