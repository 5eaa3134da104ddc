import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import type { GeneratedFlag } from "../generated/flags.js";
import { ndjson, run, tempFile } from "../run.js";

const [eppo] = GENERATED_DIALECTS;
const NASTY = `<script src="https://x.test/a.js">'&"</script>`;

function flagNamed(key: string, share = 50): GeneratedFlag {
  const values = { a: "red", b: "blue" };
  return { key, salt: "s", countries: null, traffic: 100, share, values, isOpen: true };
}

function configOf(name: string, flags: readonly GeneratedFlag[]): string {
  return tempFile(name, JSON.stringify(eppo?.configOf(flags)));
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
  expect(stderr).not.toContain("error:");
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
  const inputOf = (keys: readonly string[]) =>
    few(keys).find(({ args }) => args[0] === command) as ReturnType<typeof few>[number]; // it is there

  it("has no script and no address, whatever a configuration or an event says", async () => {
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

  it("names what it is made from", async () => {
    if (command === "diff") return; // it names its two files in the title
    const { args, input } = inputOf(["checkout"]);
    const page = await pageOf(args, input);
    const about = /<dl>(.*?)<\/dl>/s.exec(page)?.[1] ?? "";
    expect(about).toContain("<dd>stdin</dd>");
    expect(about).toMatch(/<dd>2026-02-01(?:T12:00Z)?<\/dd>/);
    expect(about).toMatch(/old\.json, revision [0-9a-f]{16}</);
    expect(about).toMatch(new RegExp(`sortition ${command}, dialect eppo, version \\d+\\.\\d+`));
  });

  it("has colours for dark screens, and tables that scroll on narrow ones", async () => {
    const { args, input } = inputOf(["checkout"]);
    const page = await pageOf(args, input);
    expect(page).toContain("@media (prefers-color-scheme: dark)");
    expect(page.split("<table>").length).toBe(page.split('<div class="table"><table>').length);
  });

  it("breaks titles of rows inside of words, and no other cell of a table", async () => {
    const { args, input } = inputOf(["checkout"]);
    const page = await pageOf(args, input);
    const rules = page.match(/[^{}\n]+ \{ [^{}]*overflow-wrap: anywhere \}/g) ?? [];
    const cells = rules.filter((rule) => /\bt[hd]\b/.test(rule));
    expect(cells.map((rule) => rule.split(" {")[0])).toEqual(["th[scope=row]"]);
  });

  it("has subjects with --show-subjects only", async () => {
    const { args, input } = inputOf(["checkout"]);
    expect(await pageOf(args, input)).not.toContain("subject-");
    if (command === "srm") return; // it lists nobody
    expect(await pageOf([...args, "--show-subjects"], input)).toContain("subject-");
  });

  it("is the same with --json", async () => {
    const { args, input } = inputOf(["checkout"]);
    const unlisted = args.filter((arg) => arg !== "--list");
    expect(await pageOf([...unlisted, "--json"], input)).toBe(await pageOf(unlisted, input));
  });
});

describe("--html", () => {
  it("that cannot be written is an error", async () => {
    const [{ args, input } = { args: [], input: "" }] = few(["checkout"]);
    const { exitCode, stderr } = await run([...args, "--html", "/no/such/folder/page.html"], input);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--html /no/such/folder/page.html: cannot be written: ENOENT");
  });
});
