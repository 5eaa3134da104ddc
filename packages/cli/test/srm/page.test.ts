import { readFileSync } from "node:fs";
import { seededRandom } from "@sortition/proof";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run, tempFile } from "../run.js";
import { experimentConfig, simulated } from "./simulated.js";

const CONFIG = jsonFile("flags.json", experimentConfig(0.5));
const EVENTS = simulated({ random: seededRandom(3), share: 0.7, subjects: 4_000 });

async function pageOf(events: readonly object[], more: readonly string[] = []): Promise<string> {
  const page = tempFile("page.html", "");
  await run(["srm", "-", "--config", CONFIG, "--html", page, ...more], ndjson(events));
  return readFileSync(page, "utf8");
}

describe("the page of srm", () => {
  it("shows the difference of each variation from its configured share, with an interval", async () => {
    const page = await pageOf(EVENTS);
    const a = EVENTS.filter(({ variation }) => variation === "a").length / 4_000;
    const points = (100 * (a - 0.5)).toFixed(2);
    const row = /<th scope="row">a<\/th>.*/.exec(page)?.[0] ?? "";
    const [, difference, low = "", high = ""] =
      /\+([\d.]+) \(\+([\d.]+) to \+([\d.]+)\)/.exec(row) ?? [];
    expect(difference).toBe(points);
    // A 99.9% interval has 3.29 standard errors on both sides.
    const error = 100 * Math.sqrt((a * (1 - a)) / 4_000);
    expect(Number(high) - Number(low)).toBeCloseTo(2 * 3.29 * error, 1);
    expect(row).toMatch(/<svg .*class="wrong"/);
  });

  it("shows the shares of days and values, not only their p-values", async () => {
    const page = await pageOf(EVENTS, ["--by", "plan"]);
    for (const part of ["2026-02-03", "plan = pro"]) {
      const row = new RegExp(`<th scope="row">${part}</th>.*`).exec(page)?.[0] ?? "";
      expect(row).toMatch(/data-label="Observed">a [67]\d(?:\.\d+)?%/);
      expect(row).toMatch(/data-label="Difference in points">\+\d/);
      expect(row).toContain('class="wrong"');
    }
  });

  it("shows the split of the parts that differ next to the cause", async () => {
    const events = simulated({ random: seededRandom(4), share: 0.5, subjects: 8_000 });
    const faulty = events.map((event, i) => {
      const isFaulty = event.subjectAttributes["plan"] === "pro" && i % 2 === 0;
      return isFaulty ? { ...event, variation: "a" } : event;
    });
    const page = await pageOf(faulty, ["--by", "plan"]);
    expect(page).toContain("<li>most likely cause: plan = pro. Without these");
    const [, parts = ""] = page.split("<caption>Parts that differ from the rest");
    const titles = [...(parts.split("</table>")[0] ?? "").matchAll(/<th scope="row">(.*?)<\/th>/g)];
    expect(titles.map(([, title]) => title)).toEqual(["plan = pro"]);
  });

  it("groups untested experiments by reason in one line", async () => {
    const others = ["x", "y"].map((featureFlag) => ({ ...EVENTS[0], featureFlag }));
    const page = await pageOf([...EVENTS.slice(0, 400), ...others]);
    expect(page.match(/<summary>.*?<\/summary>/g)).toEqual([
      "<summary>2 experiments not tested: unknown flag</summary>",
    ]);
    expect(page).toContain('<th scope="row">x, split</th>');
    expect(page).toContain("<p>1 of 1 tested experiments has a mismatch (p &lt; 0.001).");
    expect(page.match(/<h2>/g)).toHaveLength(1);
  });
});
