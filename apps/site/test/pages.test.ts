import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Browser, chromium, launchChromium, violationsOf } from "./browser.ts";

const command = join(import.meta.dirname, "../../../packages/cli/dist/main.js");

const NASTY = `<img src="https://x.test/a.png" onerror="alert(1)">`;
const FLAGS = ["checkout", "search", NASTY];

/** Creates an Eppo configuration whose flag splits subjects by this share. */
function config(share: number): object {
  const split = (variationKey: string, start: number, end: number): object => ({
    variationKey,
    shards: [{ salt: "s", ranges: [{ start: start * 100, end: end * 100 }] }],
  });
  const flags = FLAGS.map((key) => ({
    key,
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { a: { key: "a", value: "a" }, b: { key: "b", value: "b" } },
    allocations: [{ key: "half", splits: [split("a", 0, share), split("b", share, 100)] }],
  }));
  return {
    createdAt: "2026-01-05T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flag])),
  };
}

describe.skipIf(chromium === "")("a page of the command in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-pages-"));
  const path = (name: string): string => join(folder, name);
  let browser: Browser;
  beforeAll(async () => {
    const subjects = Array.from({ length: 300 }, (_, i) => ({ subjectKey: `user-${i}` }));
    const events = FLAGS.flatMap((featureFlag) =>
      subjects.map(({ subjectKey }, i) => ({
        featureFlag,
        allocation: "half",
        variation: i % 3 === 0 ? "b" : "a",
        subject: subjectKey,
        timestamp: `2026-02-0${1 + (i % 5)}T12:00:00Z`,
        subjectAttributes: { plan: i % 2 === 0 ? "free" : "team" },
      })),
    );
    const ndjson = (rows: readonly object[]): string =>
      rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    writeFileSync(path("old.json"), JSON.stringify(config(50)));
    writeFileSync(path("new.json"), JSON.stringify(config(40)));
    writeFileSync(path("subjects.ndjson"), ndjson(subjects));
    writeFileSync(path("events.ndjson"), ndjson(events));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ["diff", "old.json", "new.json", "--subjects", "subjects.ndjson", "--list"],
    ["replay", "events.ndjson", "--config", "old.json", "--list", "--show-subjects"],
    ["srm", "events.ndjson", "--config", "old.json", "--by", "plan"],
  ])("of %s loads nothing, logs nothing, and violates no rule of axe-core", async (...args) => {
    const file = path(`${args[0]}.html`);
    spawnSync(process.execPath, [command, ...args, "--html", file], { cwd: folder });
    const problems: string[] = [];
    // axe-core is a script, which the page's policy forbids.
    for (const bypassCSP of [false, true]) {
      const page = await browser.newPage({ bypassCSP });
      const requests: string[] = [];
      page.on("console", (message) => problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("request", (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      expect(await page.textContent("main")).toContain(NASTY);
      expect(requests.filter((url) => !url.startsWith("data:"))).toEqual([
        pathToFileURL(file).href,
      ]);
      if (!bypassCSP) continue;
      expect(await violationsOf(page)).toEqual([]);
    }
    expect(problems).toEqual([]);
  });
});
