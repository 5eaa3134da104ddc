import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shopConfiguration } from "../../demo/src/shop.ts";
import { type Browser, chromium, launchChromium, violationsOf, WINDOWS } from "./browser.ts";

const root = join(import.meta.dirname, "../../..");
const command = join(root, "packages/cli/dist/main.js");
/** Screenshots of the pages, for people. */
const pictures = join(root, "apps/site/.pictures");

const NASTY = `<img src="https://x.test/a.png" onerror="alert(1)">${"w".repeat(150)}`;
const EXPOSURES = 2_000;

/** Creates exposures of the shop's flag, some of which are wrong, and one with a hostile flag key. */
function exposures(): string {
  const rows = Array.from({ length: EXPOSURES }, (_, i) => ({
    featureFlag: i === 0 ? NASTY : "new-checkout",
    allocation: "pilot",
    variation: i % 3 === 0 ? "on" : "off",
    subject: `user-${i}`,
    timestamp: new Date(Date.UTC(2026, 1, 1 + (i % 3), 12)).toISOString(),
    subjectAttributes: { country: i % 2 === 0 ? "DE" : "NL" },
  }));
  return rows.map((it) => JSON.stringify(it)).join("\n");
}

const REPORTS: Readonly<Record<string, readonly string[]>> = {
  diff: ["diff", "old.json", "new.json"],
  replay: ["replay", "events.ndjson", "--config", "old.json"],
  srm: ["srm", "events.ndjson", "--config", "old.json", "--by", "country"],
};

describe.skipIf(chromium === "")("reports of the command in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-reports-"));
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    const nowMs = Date.UTC(2026, 0, 31);
    writeFileSync(join(folder, "old.json"), shopConfiguration(1, nowMs));
    writeFileSync(join(folder, "new.json"), shopConfiguration(2, nowMs));
    writeFileSync(join(folder, "events.ndjson"), exposures());
    for (const [name, args] of Object.entries(REPORTS)) {
      const all = [command, ...args, "--html", `${name}.html`, "--dialect", "eppo"];
      // The command exits with 1 if a report has findings.
      try {
        execFileSync(process.execPath, all, { cwd: folder, stdio: "pipe" });
      } catch (error) {
        expect([name, (error as { readonly status: number }).status]).toEqual([name, 1]);
      }
    }
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  it.each(Object.keys(REPORTS))(
    "%s looks like the relay's pages, fits the window and logs nothing",
    async (name) => {
      const url = pathToFileURL(join(folder, `${name}.html`)).href;
      for (const window of WINDOWS) {
        const { colorScheme, viewport } = window;
        const page = await browser.newPage(window);
        const problems: string[] = [];
        page.on("console", (message) => problems.push(message.text()));
        page.on("request", (request) => {
          if (request.url() !== url) problems.push(request.url());
        });
        await page.goto(url);
        const file = `report-${name}-${viewport.width}-${colorScheme}.png`;
        await page.screenshot({ path: join(pictures, file), fullPage: true });
        expect(await page.textContent("header")).toContain("Sortition");
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(viewport.width);
        expect(problems.filter((it) => !it.startsWith("data:"))).toEqual([]);
        await page.close();
        const checked = await browser.newPage({ ...window, bypassCSP: true });
        await checked.goto(url);
        expect(await violationsOf(checked)).toEqual([]);
        await checked.close();
      }
    },
  );
});
