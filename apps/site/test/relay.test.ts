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
import { type RelayProcess, startRelay } from "./relay-process.ts";

const root = join(import.meta.dirname, "../../..");
/** Folder for screenshots, which authors look at. Those of 1,440 px are also in the guide. */
const pictures = join(root, "apps/site/.pictures");

const NASTY = `<img src="https://x.test/a.png" onerror="alert(1)">\u202e${"w".repeat(150)}`;

/** A configuration whose keys, values, salts and conditions are markup. */
function nastyConfiguration(): string {
  const ranges = [{ start: 0, end: 10_000 }];
  const splits = [{ variationKey: NASTY, shards: [{ salt: NASTY, ranges }] }];
  const rules = [{ conditions: [{ attribute: NASTY, operator: "ONE_OF", value: [NASTY] }] }];
  const flag = {
    key: NASTY,
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { [NASTY]: { key: NASTY, value: NASTY } },
    allocations: [{ key: NASTY, rules, splits, doLog: true }],
  };
  return JSON.stringify({
    createdAt: "2026-01-05T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: { [NASTY]: flag },
  });
}

type Fields = readonly (readonly [name: string, value: string])[];

interface View {
  /** Default: Evaluate. */
  readonly path?: string;
  /** What is entered in the form. */
  readonly fields?: Fields;
  /** Text of the page. */
  readonly shows: RegExp;
  /** The browser logs the status of a page that reports a problem. */
  readonly status?: 400 | 404 | 503;
}

const ANN: Fields = [
  ["key", "user-1"],
  ["name", "country"],
  ["value", "DE"],
];
/** Replaced by the first revision, and by the address of the change. */
const [FIRST, CHANGE] = ["$first", "$change"];
const MARKUP = /<img src="https:\/\/x.test\/a.png"/;

const VIEWS: Readonly<Record<string, View>> = {
  "first-visit": { shows: /Enter a subject key/ },
  "two-attributes": {
    fields: [...ANN, ["name", "appVersion"], ["value", "2.4.0"]],
    shows: /free-shipping-minimum ?25.*appVersion is "2.4.0", at least "2.1.0"/,
  },
  mistake: {
    fields: [...ANN, ["attributes", '{"tier":"gold",}']],
    shows: /not JSON at line 1, column 16.*Nothing was evaluated/,
    status: 400,
  },
  notes: {
    fields: [
      ["key", "user-1"],
      ["name", "contry"],
      ["value", '["NL"'],
    ],
    shows:
      /No rule in the served configuration reads contry\. Did you mean country\?.*not complete JSON.*your code's default/,
  },
  opened: {
    fields: [...ANN, ["flag", "checkout-button"]],
    shows:
      /holdout-2026 not selected.*in no range.*three-texts applies.*this subject.*in the range for control/,
  },
  revisions: {
    fields: [...ANN, ["compare", FIRST]],
    shows:
      /1 flag differs.*free-shipping-minimum.*configuration from .*50.*served now.*60.*5 flags with/,
  },
  flags: { path: "/page/shop/flags", shows: /spring: 20%, plain: 80%/ },
  filtered: {
    path: "/page/shop/flags?search=none&state=disabled",
    shows: /No flag matches the filter/,
  },
  flag: { path: "/page/shop/flag?key=hero-banner", shows: /country is not US/ },
  changes: { path: "/page/shop/changes", shows: /on: 50%, off: 50% → on: 90%, off: 10%/ },
  change: { path: CHANGE, shows: /new-checkout/ },
  "all-changes": { path: "/page/changes", shows: /Changes in all environments.*shop/ },
  "no-changes": { path: "/page/down/changes", shows: /Changes/ },
  relay: { path: "/page", shows: /Needs attention: down.*ready/ },
  down: { path: "/page/down/flags", shows: /down/, status: 503 },
  "unknown-flag": {
    path: "/page/shop/flag?key=hero-baner",
    shows: /Did you mean.*hero-banner/,
    status: 404,
  },
  "unknown-view": { path: "/page/shop/nowhere", shows: /no page at this address/, status: 404 },
  "unknown-environment": { path: "/page/nowhere/flags", shows: /shop/, status: 404 },
  "hostile-flags": { path: "/page/nasty/flags", shows: MARKUP },
  "hostile-flag": { path: `/page/nasty/flag?key=${encodeURIComponent(NASTY)}`, shows: MARKUP },
  "hostile-evaluation": {
    path: "/page/nasty/subject",
    fields: (["key", "name", "value", "flag"] as const).map((it) => [it, NASTY]),
    shows: MARKUP,
  },
};

/** Script that returns the width of the page, and those of the columns of tables and the lines of explanations and results. */
const WIDTHS = `({
  page: document.documentElement.scrollWidth,
  columns: [
    ...[...document.querySelectorAll("main tbody td:not(.narrow), main tbody th")]
      .filter((it) => it.offsetWidth > 0 && getComputedStyle(it).display === "table-cell"),
    ...document.querySelectorAll(".check > div, .side, .scale, .result > h3"),
  ].map((it) => it.offsetWidth),
})`;

describe.skipIf(chromium === "")("the relay's pages in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-relay-pages-"));
  let relay: RelayProcess;
  let browser: Browser;
  let [first, change] = ["", ""];

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    const [key, shop, nasty] = ["key", "shop.json", "nasty.json"].map((it) => join(folder, it)) as [
      string,
      string,
      string,
    ];
    const nowMs = Date.now();
    writeFileSync(key, "key");
    writeFileSync(shop, shopConfiguration(1, nowMs));
    writeFileSync(nasty, nastyConfiguration());
    const tokens = ["shop", "nasty"].map((name) => {
      return { name, sha256: createHash("sha256").update(name).digest("hex") };
    });
    const loggers = [{ type: "ndjson", path: join(folder, "exposures.ndjson") }];
    const scoped = tokens.map((it) => [{ ...it, scopes: ["evaluate"] }]);
    const dialect = "eppo";
    relay = await startRelay(
      folder,
      { name: "shop", dialect, file: shop, evaluate: true, tokens: scoped[0], loggers },
      { name: "nasty", dialect, file: nasty, evaluate: true, tokens: scoped[1] },
      { name: "down", dialect, source: { apiKey: { file: key }, baseUrl: "http://127.0.0.1:9" } },
    );
    writeFileSync(shop, shopConfiguration(2, nowMs));
    const revisions = async (): Promise<readonly { readonly revision: string }[]> => {
      const response = await fetch(`${relay.admin}/api/v1/changes?environment=shop`);
      return (await response.json()) as readonly { readonly revision: string }[]; // see the guide
    };
    await vi.waitFor(async () => expect(await revisions()).toHaveLength(2), {
      timeout: 30_000,
      interval: 500,
    });
    first = (await revisions()).at(-1)?.revision ?? "";
    const changes = await (await fetch(`${relay.admin}/page/shop/changes`)).text();
    const [, address = ""] = /href="(\/page\/shop\/change\?[^"]*)"/.exec(changes) ?? [];
    change = address.replaceAll("&amp;", "&");
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    relay?.child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  /** Opens a view, and records what the browser reports and its requests to other hosts. */
  async function open({ fields, path = "/page/shop/subject" }: View, options: ContextOptions) {
    const page = await browser.newPage(options);
    const problems: string[] = [];
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(`${relay.admin}/`)) problems.push(request.url());
    });
    await page.goto(`${relay.admin}${path === CHANGE ? change : path}`);
    const filled = fields?.map(([name, it]) => [name, it === FIRST ? first : it] as const);
    if (filled !== undefined) await submitForm(page, filled);
    return { page, problems };
  }

  it.each(WINDOWS)(
    "fit, log nothing, send no requests to other hosts and violate no rule of axe-core, $viewport.width px, $colorScheme",
    async (window) => {
      const { colorScheme, viewport } = window;
      for (const [name, view] of Object.entries(VIEWS)) {
        const { page, problems } = await open(view, window);
        if (name === "changes") {
          await page.evaluate("document.querySelector('main details').open = true");
        }
        const file = `${name}-${viewport.width}-${colorScheme}.png`;
        await page.screenshot({ path: join(pictures, file), fullPage: true });
        expect((await page.textContent("main"))?.replace(/\s+/g, " ")).toMatch(view.shows);
        const widths = await page.evaluate<{ page: number; columns: number[] }>(WIDTHS);
        expect([name, widths.page]).toEqual([name, viewport.width]);
        expect([name, widths.columns.filter((it) => it < 120)]).toEqual([name, []]);
        const isExpected = (it: string): boolean => it.includes(`status of ${view.status}`);
        expect(problems.filter((it) => !isExpected(it))).toEqual([]);
        await page.close();
        if (viewport.width === 1_000) continue;
        const checked = await open(view, { ...window, bypassCSP: true });
        expect([name, await violationsOf(checked.page)]).toEqual([name, []]);
        await checked.page.close();
      }
    },
  );

  it("can be used with the keyboard only, without JavaScript", async () => {
    const { page, problems } = await open({ path: "/", shows: /^/ }, { javaScriptEnabled: false });
    const shown = (selector = "main"): Promise<string | null> => page.textContent(selector);
    await focus(page, "Subject key");
    await page.keyboard.type("user-1");
    await focus(page, "Value 1");
    await page.keyboard.type("DE");
    await send(page);
    await follow(page, "Why, new-checkout");
    expect(await shown("#opened")).toContain("country is DE, one of DK, NL, DE");
    await follow(page, "Close, new-checkout");
    expect(await shown()).not.toContain("pilot does not match");
    await follow(page, "new-checkout");
    expect(await shown()).toContain("country is one of DK, NL, DE");
    await follow(page, "Flags");
    expect(await shown("caption")).toMatch(/\d flags/);
    await focus(page, "Filter flags");
    await page.keyboard.type("hero");
    await send(page);
    expect(await shown("caption")).toBe("1 flag");
    await follow(page, "Disabled");
    expect(await shown()).toContain("No flag matches the filter.");
    await follow(page, "Changes");
    expect(await shown()).toContain("1 change seen by this relay replica");
    await focus(page, "new-checkout: on: 50%, off: 50% → on: 90%, off: 10%");
    await page.keyboard.press("Enter");
    expect(await shown("details[open]")).toContain("on: 90%, off: 10%");
    await follow(page, "Status");
    expect(await shown()).toContain("ready");
    expect(problems).toEqual([]);
  });
});

/** Submits the form of Evaluate with these fields. */
async function submitForm(page: Page, fields: Fields): Promise<void> {
  const script = `(() => {
    const form = document.createElement("form");
    form.method = "post";
    for (const [name, value] of ${JSON.stringify(fields)}) {
      const field = document.createElement("textarea");
      Object.assign(field, { name, value });
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  })()`;
  await Promise.all([page.waitForEvent("load"), page.evaluate(script)]);
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
