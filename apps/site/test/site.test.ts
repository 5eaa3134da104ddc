import { readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inReadingOrder, linkOn, withLinks } from "../stage.mjs";
import { siteTools } from "../tools.mjs";

const dist = join(import.meta.dirname, "../dist");
const chromium = process.env["CHROMIUM_BIN"] ?? "";

/** What the test uses of playwright-core, which is not a dependency of the workspace. */
interface Page {
  on(event: "pageerror", listener: (error: Error) => void): void;
  on(event: "response", listener: (response: { status(): number; url(): string }) => void): void;
  goto(url: string): Promise<unknown>;
  click(selector: string): Promise<void>;
  fill(selector: string, text: string): Promise<void>;
  waitForSelector(selector: string): Promise<unknown>;
  waitForURL(url: RegExp): Promise<void>;
  textContent(selector: string): Promise<string | null>;
}

interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: { executablePath: string; headless: boolean }): Promise<Browser>;
  };
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** The file of an address, as a host of static sites finds it. */
function fileOf(path: string): string | null {
  const names = [path, `${path}.html`, join(path, "index.html")];
  const files = names.map((name) => join(dist, name));
  return files.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile()) ?? null;
}

describe("the sidebar", () => {
  it("has guides in the order in which the index names them, the others behind them", () => {
    const pages = ["docs/guides/a.md", "docs/guides/b.md", "docs/guides/c.md"];
    const index = "[C](guides/c.md), then [A](guides/a.md)";
    expect(inReadingOrder(pages, index)).toEqual([pages[2], pages[0], pages[1]]);
  });
});

describe("links on the site", () => {
  const site = {
    root: join(import.meta.dirname, "../../.."),
    pages: ["README.md", "docs/README.md", "docs/guides/workers.md", "packages/core/README.md"],
    repository: "https://host.test/project",
  };

  it.each([
    [
      "../errors.md",
      "docs/guides/workers.md",
      "https://host.test/project/blob/main/docs/errors.md",
    ],
    ["../README.md#a", "docs/guides/workers.md", "../index.md#a"],
    ["workers.md", "docs/guides/workers.md", "./workers.md"],
    ["docs/performance.svg", "README.md", "./docs/performance.svg"],
    ["../packages/core", "docs/README.md", "../packages/core/index.md"],
    ["decisions", "docs/README.md", "https://host.test/project/tree/main/docs/decisions"],
    ["https://other.test/x.md", "README.md", "https://other.test/x.md"],
    ["#here", "README.md", "#here"],
  ])("%s of %s is %s", (link, page, expected) => {
    expect(linkOn(link, page, site)).toBe(expected);
  });

  it("are not looked for in code", () => {
    const page = "[a](b) `[a](b)` [`c`](b)\n```\n[a](b)\n```\n";
    expect(withLinks(page, () => "X")).toBe("[a](X) `[a](b)` [`c`](X)\n```\n[a](b)\n```\n");
  });
});

describe.skipIf(chromium === "")("the site in Chromium", () => {
  let server: Server;
  let browser: Browser;
  let url = "";
  beforeAll(async () => {
    server = createServer((request, response) => {
      const file = fileOf(new URL(request.url ?? "/", "http://site.test").pathname);
      const type = TYPES[extname(file ?? "")] ?? "application/octet-stream";
      response.writeHead(file === null ? 404 : 200, { "content-type": type });
      response.end(file === null ? "" : readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server
    const file = join(siteTools(), "node_modules/playwright-core/index.mjs");
    const playwright: Playwright = await import(pathToFileURL(file).href);
    browser = await playwright.chromium.launch({ executablePath: chromium, headless: true });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it("finds a page by the search, and opens it without an error", async () => {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("response", (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${url}/`);
    expect(await page.textContent("h1")).toContain("Sortition");
    await page.click("#local-search button");
    await page.fill("#localsearch-input", "fencing lease redis");
    await page.waitForSelector("#localsearch-list .result");
    expect(await page.textContent("#localsearch-list")).toMatch(/fleet|Redis|lease/);
    await page.click("#localsearch-list .result");
    await page.waitForURL(/\/(docs|packages)\//);
    await page.waitForSelector("main h1");
    expect(problems).toEqual([]);
  });

  it.each(["amplitude", "eppo", "growthbook", "posthog"])(
    "leads from the former address of the page of %s's Python SDK to the present one",
    (vendor) => {
      const former = readFileSync(fileOf(`docs/${vendor}-python-surface`) ?? "", "utf8");
      const to = /url=([^"]+)"/.exec(former)?.[1] ?? "";
      expect(fileOf(join("docs", to))).toMatch(new RegExp(`migrate/python/${vendor}\\.html$`));
    },
  );

  it("has the API reference and the list for programs", async () => {
    const page = await browser.newPage();
    await page.goto(`${url}/api/index.html`);
    expect(await page.textContent("body")).toContain("@sortition/core");
    const list = readFileSync(join(dist, "llms.txt"), "utf8");
    const links = [...list.matchAll(/\]\((\/[^)]*)\)/g)].map(([, link = ""]) => link);
    expect(links.length).toBeGreaterThan(40);
    expect(links.filter((link) => fileOf(link) === null)).toEqual([]);
  });
});
