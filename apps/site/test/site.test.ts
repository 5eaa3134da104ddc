import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inReadingOrder } from "../../../scripts/navigation.mjs";
import { fileOf, serveSite } from "../preview.mjs";
import { homeOf, linkOn, withLinks } from "../stage.mjs";
import { type Browser, chromium, launchChromium, type Page } from "./browser.ts";

const dist = join(import.meta.dirname, "../dist");

describe("the sidebar", () => {
  it("has guides in the order of the index, followed by the others", () => {
    const pages = ["docs/guides/a.md", "docs/guides/b.md", "docs/guides/c.md"];
    const index = "[C](guides/c.md), then [A](guides/a.md)";
    expect(inReadingOrder(pages, index)).toEqual([pages[2], pages[0], pages[1]]);
  });
});

describe("links on the site", () => {
  const site = {
    root: join(import.meta.dirname, "../../.."),
    pages: ["README.md", "docs/README.md", "docs/guides/redis.md", "packages/core/README.md"],
    repository: "https://host.test/project",
  };

  it.each([
    ["../errors.md", "docs/guides/redis.md", "https://host.test/project/blob/main/docs/errors.md"],
    ["../README.md#a", "docs/guides/redis.md", "../index.md#a"],
    ["redis.md", "docs/guides/redis.md", "./redis.md"],
    ["docs/concepts.svg", "README.md", "./docs/concepts.svg"],
    ["../packages/core", "docs/README.md", "../packages/core/index.md"],
    ["decisions", "docs/README.md", "https://host.test/project/tree/main/docs/decisions"],
    ["https://other.test/x.md", "README.md", "https://other.test/x.md"],
    ["#here", "README.md", "#here"],
  ])("%s on %s becomes %s", (link, page, expected) => {
    expect(linkOn(link, page, site)).toBe(expected);
  });

  it("are not searched for in code", () => {
    const page = "[a](b) `[a](b)` [`c`](b)\n```\n[a](b)\n```\n";
    expect(withLinks(page, () => "X")).toBe("[a](X) `[a](b)` [`c`](X)\n```\n[a](b)\n```\n");
  });
});

describe("homeOf", () => {
  const start = "# Name\n\n```sh\nnpm install it\n```\n\n";

  it("returns the README up to its list of pages", () => {
    const home = homeOf(`${start}## Documentation\n\nAll pages.\n`);
    expect(home).toMatch(/^---\nlayout: home\n/);
    expect(home.endsWith(`<div class="vp-doc sections">\n\n${start}</div>\n`)).toBe(true);
  });

  it("fails for a README without this list", () => {
    expect(() => homeOf(start)).toThrow("Documentation");
  });
});

describe("fileOf", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-site-"));
  beforeAll(() => {
    mkdirSync(join(folder, "site/docs"), { recursive: true });
    for (const file of ["site/index.html", "site/docs/a b.html", "secret.html"]) {
      writeFileSync(join(folder, file), "");
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    { path: "/", file: "index.html", because: "folders have an index" },
    { path: "/docs/a%20b", file: "docs/a b.html", because: "URLs have no .html" },
    { path: "/docs/a%20b.html", file: "docs/a b.html", because: "URLs may have .html" },
    { path: "/docs", file: null, because: "the folder has no index" },
    { path: "/../secret", file: null, because: "it is outside the site" },
    { path: "/%2e%2e/secret", file: null, because: "it is outside the site" },
    { path: "/%", file: null, because: "it is not a valid URL" },
  ])("finds $file for $path, because $because", ({ path, file }) => {
    const site = join(folder, "site");
    expect(fileOf(site, path)).toBe(file === null ? null : join(site, file));
  });
});

describe.skipIf(chromium === "")("the site in Chromium", () => {
  let server: Server;
  let browser: Browser;
  /** Keeps what it has loaded. */
  let searched: Page;
  let url = "";
  beforeAll(async () => {
    server = serveSite(dist);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server
    browser = await launchChromium();
    searched = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** Opens the home page and types into its search. Returns when there are results. */
  async function search(page: Page, words: string): Promise<void> {
    await page.goto(`${url}/`);
    await page.click("#local-search button");
    await page.fill("#localsearch-input", words);
    await page.waitForSelector("#localsearch-list .result");
  }

  it.each([
    { words: "lambda", path: "/docs/guides/serverless" },
    { words: "kill switch", path: "/docs/guides/production" },
    { words: "cohort", path: "/docs/vendors/amplitude" },
    { words: "shadow", path: "/docs/guides/change-your-vendor" },
    { words: "typescript", path: "/docs/guides/typed-flags" },
    { words: "docker", path: "/docs/guides/running-a-relay" },
    { words: "proxy", path: "/docs/guides/production" },
    { words: "jest", path: "/docs/guides/testing" },
    { words: "express", path: "/docs/guides/frameworks" },
    { words: "no such flag", path: "/docs/troubleshooting" },
    { words: "ECONNREFUSED", path: "/docs/troubleshooting" },
    { words: "rollback", path: "/docs/guides/production" },
    { words: "rate limit", path: "/docs/troubleshooting" },
    { words: "health check", path: "/docs/guides/production" },
    { words: "redis", path: "/docs/guides/redis" },
    { words: "migrate", path: "/docs/guides/change-your-vendor" },
    { words: "GDPR", path: "/docs/guides/production" },
    { words: "offline", path: "/docs/guides/production" },
    { words: "cdn", path: "/docs/guides/production" },
    { words: "anonymous user", path: "/docs/guides/getting-started" },
    { words: "price", path: "/docs/compare" },
  ])("lists $path first in a search for $words", async ({ path, words }) => {
    await search(searched, words);
    const first = async () => {
      const href = await searched.getAttribute("#localsearch-list .result", "href");
      return href?.split("#")[0];
    };
    await expect.poll(first).toBe(path);
  });

  it("lists pages for contributors last", async () => {
    const page = await browser.newPage();
    await search(page, "md5");
    const paths: readonly string[] = await page.evaluate(
      "Array.from(document.querySelectorAll('#localsearch-list .result'), (it) => it.pathname)",
    );
    const inside = /^\/(apps|docs\/(architecture|decisions|guides\/writing-a-dialect|spec))\b/;
    const isInside = paths.map((path) => inside.test(path));
    expect(isInside).toContain(true);
    expect(isInside.slice(isInside.indexOf(true))).not.toContain(false);
    await page.close();
  });

  it("finds a page with the search, and opens it without an error", async () => {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("response", (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${url}/`);
    expect(await page.textContent("h1")).toContain("Sortition");
    await search(page, "fencing lease redis");
    expect(await page.textContent("#localsearch-list")).toMatch(/fleet|Redis|lease/);
    await page.click("#localsearch-list .result");
    await page.waitForURL(/\/(docs|packages)\//);
    await page.waitForSelector("main h1");
    expect(problems).toEqual([]);
  });

  it("leads from a page that moved to the vendor's page", async () => {
    const page = await browser.newPage();
    await page.goto(`${url}/docs/spec/eppo`);
    await page.waitForURL(/\/docs\/vendors\/eppo$/);
    await page.close();
  });

  it("has the API reference and llms.txt", async () => {
    const page = await browser.newPage();
    await page.goto(`${url}/api/index.html`);
    expect(await page.textContent("body")).toContain("@sortition/core");
    const list = readFileSync(join(dist, "llms.txt"), "utf8");
    const links = [...list.matchAll(/\]\((\/[^)]*)\)/g)].map(([, link = ""]) => link);
    expect(links.length).toBeGreaterThan(40);
    expect(links.filter((link) => fileOf(dist, link) === null)).toEqual([]);
  });
});
