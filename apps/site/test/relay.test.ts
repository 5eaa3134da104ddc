import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { shopConfiguration } from "../../demo/src/shop.ts";
import {
  type Browser,
  type ContextOptions,
  chromium,
  launchChromium,
  type Page,
  violationsOf,
  WINDOWS,
} from "./browser.ts";
import { startRelay } from "./relay-process.ts";

const root = join(import.meta.dirname, "../../..");
/** Folder for screenshots, which authors look at. */
const pictures = join(root, "apps/site/.pictures");
const TOKEN = "srt_page";

const NASTY = `<img src="https://x.test/a.png" onerror="alert(1)">`;

/** Creates an Eppo configuration. Its versions differ in a share. */
function config(share: number): object {
  const split = (variationKey: string, start: number, end: number): object => ({
    variationKey,
    shards: [{ salt: "s", ranges: [{ start: start * 100, end: end * 100 }] }],
  });
  const rules = [
    { conditions: [{ attribute: "country", operator: "ONE_OF", value: ["DE", "FR"] }] },
  ];
  const flags = ["checkout-button", "search", NASTY].map((key) => ({
    key,
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { a: { key: "a", value: "Buy" }, b: { key: "b", value: "Buy now" } },
    allocations: [
      {
        key: "europe",
        rules,
        startAt: "2026-01-01T00:00:00.000Z",
        endAt: "2030-01-01T00:00:00.000Z",
        splits: [split("a", 0, share), split("b", share, 100)],
        doLog: true,
      },
      { key: "later", startAt: "2035-01-01T00:00:00.000Z", splits: [split("b", 0, 100)] },
      { key: "all", splits: [{ variationKey: "a", shards: [] }], doLog: true },
    ],
  }));
  return {
    createdAt: "2026-01-05T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flag])),
  };
}

/** Script that returns the widths of all text columns. */
const COLUMNS =
  "[...document.querySelectorAll('main tbody td:not(.narrow), main tbody th')].filter((it) => getComputedStyle(it).display === 'table-cell').map((it) => it.offsetWidth)";

describe.skipIf(chromium === "")("the relay's pages in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-relay-pages-"));
  const flags = join(folder, "flags.json");
  let relay: ChildProcess;
  let browser: Browser;
  let admin = "";

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    writeFileSync(flags, JSON.stringify(config(50)));
    const environment = {
      name: "shop",
      dialect: "eppo",
      file: flags,
      evaluate: true,
      tokens: [
        {
          name: "page",
          sha256: createHash("sha256").update(TOKEN).digest("hex"),
          scopes: ["evaluate"],
        },
      ],
      loggers: [{ type: "ndjson", path: join(folder, "exposures.ndjson") }],
    };
    const keyFile = join(folder, "key");
    writeFileSync(keyFile, "key");
    const source = { apiKey: { file: keyFile }, baseUrl: "http://127.0.0.1:9/api" };
    const started = await startRelay(folder, environment, {
      name: "down",
      dialect: "eppo",
      source,
    });
    ({ admin, child: relay } = started);
    const changes = async (): Promise<string> => (await fetch(`${admin}/page/shop/changes`)).text();
    for (const [i, share] of [40, 30, 20].entries()) {
      writeFileSync(flags, JSON.stringify(config(share)));
      const text = `${i + 1} change`;
      await vi.waitFor(async () => expect(await changes()).toContain(text), {
        timeout: 30_000,
        interval: 500,
      });
    }
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    relay?.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  /** Opens a page, and records its errors and requests to other hosts. */
  async function open(path: string, options: ContextOptions) {
    const page = await browser.newPage(options);
    const problems: string[] = [];
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(`${admin}/`)) problems.push(request.url());
    });
    await page.goto(`${admin}${path}`);
    return { page, problems };
  }

  const changePath = async (): Promise<string> => {
    const text = await (await fetch(`${admin}/page/shop/changes`)).text();
    return (/href="(\/page\/shop\/change\?[^"]*)"/.exec(text)?.[1] ?? "").replaceAll("&amp;", "&");
  };

  it.each(WINDOWS)(
    "log nothing, send no requests to other hosts and violate no rule of axe-core, $viewport.width px, $colorScheme",
    async (window) => {
      const views = {
        subject: "/page/shop/subject",
        flags: "/page/shop/flags",
        flag: "/page/shop/flag?key=checkout-button",
        nasty: `/page/shop/flag?key=${encodeURIComponent(NASTY)}`,
        changes: "/page/shop/changes",
        change: await changePath(),
        environment: "/page/nowhere/flags",
        relay: "/page",
        unknown: "/page/shop/flag?key=checkout-botton",
        address: "/page/shop/nowhere",
        down: "/page/down/flags",
        filtered: "/page/shop/flags?search=none&state=disabled",
        "no-changes": "/page/down/changes",
        "all-changes": "/page/changes",
      };
      for (const [name, path] of Object.entries(views)) {
        const { page, problems } = await open(path, window);
        if (name === "subject") await askForSubject(page);
        if (name === "changes") {
          await page.evaluate("document.querySelector('main details').open = true");
        }
        const file = `${name}-${window.viewport.width}-${window.colorScheme}.png`;
        await page.screenshot({ path: join(pictures, file), fullPage: true });
        // The page must not be wider than the window.
        const width = await page.evaluate<number>("document.documentElement.scrollWidth");
        expect([name, width]).toEqual([name, window.viewport.width]);
        const columns = await page.evaluate<readonly number[]>(COLUMNS);
        expect([name, columns.filter((it) => it > 0 && it < 120)]).toEqual([name, []]);
        const isProblem = ["address", "down", "environment", "unknown"].includes(name)
          ? /status of (404|503)/
          : /^$/;
        expect(problems.filter((it) => !isProblem.test(it))).toEqual([]);
        await page.close();
        if (window.viewport.width === 1_000) continue;
        const checked = await open(path, { ...window, bypassCSP: true });
        if (name === "subject") await askForSubject(checked.page);
        expect([name, await violationsOf(checked.page)]).toEqual([name, []]);
        await checked.page.close();
      }
    },
  );

  it("can be used with the keyboard only, without JavaScript", async () => {
    const { page, problems } = await open("/", { javaScriptEnabled: false });
    await askForSubject(page);
    expect(await page.textContent("main")).toContain(NASTY);
    await follow(page, "Why, checkout-button");
    expect(await page.textContent("main")).toMatch(/Answer\s+"?Buy/);
    await follow(page, "checkout-button");
    expect(await page.textContent("main")).toContain("country is one of DE, FR");
    await follow(page, "Flags");
    expect(await page.textContent("caption")).toBe("3 flags");
    await focus(page, "Filter flags");
    await page.keyboard.type("sear");
    await send(page);
    expect(await page.textContent("caption")).toBe("1 flag");
    await follow(page, "Disabled");
    expect(await page.textContent("main")).toContain("No flag matches the filter.");
    await follow(page, "Changes");
    expect(await page.textContent("main")).toContain("3 changes seen by this relay replica");
    await focus(page, "checkout-button: europe: a: 30%, b: 70% → a: 20%, b: 80%");
    await page.keyboard.press("Enter");
    expect(await page.textContent("details[open]")).toContain("a: 20%, b: 80%");
    await page.goto(`${admin}${await changePath()}`);
    expect(await page.textContent("main")).toContain("checkout-button");
    await follow(page, "Status");
    expect(await page.textContent("main")).toContain("ready");
    expect(problems).toEqual([]);
  });
});

describe.skipIf(chromium === "")("the pictures of the relay's guide", () => {
  it("show the shop of the demo, before and after its second release", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sortition-relay-guide-"));
    const flags = join(folder, "flags.json");
    const nowMs = Date.now();
    writeFileSync(flags, shopConfiguration(1, nowMs));
    const tokens = [{ name: "shop", sha256: createHash("sha256").update(TOKEN).digest("hex") }];
    const relay = await startRelay(folder, { name: "shop", dialect: "eppo", file: flags, tokens });
    const browser = await launchChromium();
    try {
      writeFileSync(flags, shopConfiguration(2, nowMs));
      const changes = `${relay.admin}/page/shop/changes`;
      await vi.waitFor(
        async () => expect(await (await fetch(changes)).text()).toContain("1 change seen"),
        { timeout: 30_000, interval: 500 },
      );
      mkdirSync(pictures, { recursive: true });
      const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
      await page.goto(`${relay.admin}/page/shop/subject`);
      await askForSubject(page);
      await follow(page, "Why, checkout-button");
      expect(await page.textContent("#opened")).toContain("in the range for control");
      await page.screenshot({ path: join(pictures, "guide-subject.png"), fullPage: true });
      await page.goto(`${relay.admin}/page/shop/flags`);
      expect(await page.textContent("main")).toContain("spring: 20%, plain: 80%");
      await page.screenshot({ path: join(pictures, "guide-flags.png"), fullPage: true });
      await page.goto(`${relay.admin}/page/shop/flag?key=hero-banner`);
      expect(await page.textContent("main")).toContain("country is not US");
      await page.screenshot({ path: join(pictures, "guide-flag.png"), fullPage: true });
      await page.goto(changes);
      await focus(page, "new-checkout: on: 50%, off: 50% → on: 90%, off: 10%");
      await page.keyboard.press("Enter");
      expect(await page.textContent("details[open]")).toContain("on: 90%, off: 10%");
      await page.screenshot({ path: join(pictures, "guide-changes.png"), fullPage: true });
    } finally {
      await browser.close();
      relay.child.kill("SIGKILL");
      rmSync(folder, { recursive: true });
    }
  });
});

/** Fills in the form of a subject with the keyboard, and submits it. */
async function askForSubject(page: Page): Promise<void> {
  await fillSubject(page);
  await send(page);
}

async function fillSubject(page: Page): Promise<void> {
  await focus(page, "Subject key");
  await page.keyboard.type("user-1");
  await focus(page, "Name 1");
  await page.keyboard.type("country");
  await page.keyboard.press("Tab");
  await page.keyboard.type("DE");
}

/** Moves to a link or a button with the Tab key, and presses it. */
async function follow(page: Page, name: string): Promise<void> {
  await focus(page, name);
  await send(page);
}

/** Presses Enter, and waits for the next page. */
async function send(page: Page): Promise<void> {
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

const MAX_TABS = 200;

/** Moves the focus with the Tab key to the element with a name. */
async function focus(page: Page, name: string): Promise<void> {
  const seen: string[] = [];
  for (let i = 0; i < MAX_TABS; i++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate<string>(
      `(() => {
        const it = document.activeElement;
        return (it.ariaLabel ?? it.labels?.[0]?.textContent ?? it.textContent).trim();
      })()`,
    );
    if (focused === name) return;
    seen.push(focused);
  }
  throw new Error(`the Tab key does not reach ${name}, but ${seen.slice(0, 20).join(" | ")}`);
}
