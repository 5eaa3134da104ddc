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
/** Screenshots of the pages, for people. */
const pictures = join(root, "apps/site/.pictures");
const EVALUATE = "/page/shop/subject";

type Fields = readonly (readonly [name: string, value: string])[];

const ANN: Fields = [
  ["key", "user-1"],
  ["name", "country"],
  ["value", "DE"],
];

/** Inputs of users, and the resulting text of the page. */
const CASES: Readonly<Record<string, { readonly fields: Fields | null; readonly shows: RegExp }>> =
  {
    "first visit": { fields: null, shows: /Enter a subject key/ },
    "two attributes": {
      fields: [...ANN, ["name", "appVersion"], ["value", "2.4.0"]],
      shows: /free-shipping-minimum ?25.*appVersion is "2.4.0", at least "2.1.0"/,
    },
    mistake: {
      fields: [...ANN, ["attributes", '{"tier":"gold",}']],
      shows: /not JSON at line 1, column 16.*Nothing was evaluated/,
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
      shows: /holdout-2026 not selected.*in no range.*three-texts applies.*this subject/,
    },
    revisions: {
      fields: [...ANN, ["compare", "$first"]],
      shows:
        /1 flag differs.*free-shipping-minimum.*configuration from .*50.*served now.*60.*5 flags with/,
    },
  };

/** Submits a form with these fields. */
async function send(page: Page, fields: Fields): Promise<void> {
  const script = `(() => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = ${JSON.stringify(EVALUATE)};
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

/** Returns the width of the page, and of its narrowest line of an explanation or a result. */
async function widthsOf(page: Page): Promise<readonly [page: number, narrowest: number]> {
  return await page.evaluate(`[
    document.documentElement.scrollWidth,
    Math.min(...[...document.querySelectorAll(".check > div, .side, .scale, .result > h3")].map((it) => it.clientWidth)),
  ]`);
}

describe.skipIf(chromium === "")("Evaluate in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-evaluate-"));
  let relay: RelayProcess;
  let browser: Browser;
  let first = "";

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    const flags = join(folder, "flags.json");
    const nowMs = Date.now();
    writeFileSync(flags, shopConfiguration(1, nowMs));
    const tokens = [{ name: "shop", sha256: createHash("sha256").update("shop").digest("hex") }];
    relay = await startRelay(folder, { name: "shop", dialect: "eppo", file: flags, tokens });
    writeFileSync(flags, shopConfiguration(2, nowMs));
    const revisions = async (): Promise<readonly { readonly revision: string }[]> => {
      const response = await fetch(`${relay.admin}/api/v1/changes?environment=shop`);
      return (await response.json()) as readonly { readonly revision: string }[]; // see the guide
    };
    await vi.waitFor(async () => expect(await revisions()).toHaveLength(2), {
      timeout: 30_000,
      interval: 500,
    });
    first = (await revisions()).at(-1)?.revision ?? "";
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    relay?.child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  /** Opens the result of a case, and collects what the browser reports. */
  async function open(fields: Fields | null, options: ContextOptions) {
    const page = await browser.newPage(options);
    const problems: string[] = [];
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(`${relay.admin}/`)) problems.push(request.url());
    });
    await page.goto(`${relay.admin}${EVALUATE}`);
    const filled = fields?.map(([name, it]) => [name, it === "$first" ? first : it] as const);
    if (filled !== undefined) await send(page, filled);
    return { page, problems };
  }

  it.each(WINDOWS)(
    "shows each case completely and respects the policy, $viewport.width px, $colorScheme",
    async (window) => {
      for (const [name, { fields, shows }] of Object.entries(CASES)) {
        const { page, problems } = await open(fields, window);
        const { colorScheme, viewport } = window;
        const file = `evaluate ${name} ${viewport.width} ${colorScheme}.png`.replaceAll(" ", "-");
        await page.screenshot({ path: join(pictures, file), fullPage: true });
        expect((await page.textContent("main"))?.replace(/\s+/g, " ")).toMatch(shows);
        const [width, narrowest] = await widthsOf(page);
        expect([name, width]).toEqual([name, viewport.width]);
        expect(narrowest).toBeGreaterThan(120);
        const isExpected = name === "mistake" ? /status of 400/ : /^$/;
        expect(problems.filter((it) => !isExpected.test(it))).toEqual([]);
        await page.close();
      }
    },
  );

  it.each(["light", "dark"] as const)("violates no rule of axe-core, %s", async (colorScheme) => {
    for (const [name, { fields }] of Object.entries(CASES)) {
      const { page } = await open(fields, { colorScheme, bypassCSP: true });
      expect([name, await violationsOf(page)]).toEqual([name, []]);
      await page.close();
    }
  });

  it("evaluates and explains with the keyboard only, without JavaScript", async () => {
    const { page, problems } = await open(null, { javaScriptEnabled: false });
    await type(page, "Subject key", "user-1");
    await type(page, "Value 1", "DE");
    await submit(page);
    await focus(page, "Why, new-checkout");
    await submit(page);
    const opened = await page.textContent("#opened");
    expect(opened).toContain("country is DE, one of DK, NL, DE");
    await focus(page, "Close, new-checkout");
    await submit(page);
    expect(await page.textContent("main")).not.toContain("pilot does not match");
    expect(problems).toEqual([]);
  });
});

const NASTY = `<img src="https://x.test/a.png" onerror="alert(1)">\u202e${"w".repeat(150)}`;

/** A configuration whose keys, values, salts and conditions are markup. */
function nastyConfiguration(): string {
  const ranges = [{ start: 0, end: 10_000 }];
  const flag = {
    key: NASTY,
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { [NASTY]: { key: NASTY, value: NASTY } },
    allocations: [
      {
        key: NASTY,
        rules: [{ conditions: [{ attribute: NASTY, operator: "ONE_OF", value: [NASTY] }] }],
        splits: [{ variationKey: NASTY, shards: [{ salt: NASTY, ranges }] }],
        doLog: true,
      },
    ],
  };
  return JSON.stringify({
    createdAt: "2026-01-05T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: { [NASTY]: flag },
  });
}

describe.skipIf(chromium === "")("Evaluate with hostile strings", () => {
  it("fits the complete text on a phone", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sortition-evaluate-"));
    const file = join(folder, "flags.json");
    writeFileSync(file, nastyConfiguration());
    const tokens = [{ name: "shop", sha256: createHash("sha256").update("shop").digest("hex") }];
    const relay = await startRelay(folder, { name: "shop", dialect: "eppo", file, tokens });
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      const problems: string[] = [];
      page.on("console", (message) => problems.push(message.text()));
      page.on("request", (request) => {
        if (!request.url().startsWith(`${relay.admin}/`)) problems.push(request.url());
      });
      await page.goto(`${relay.admin}${EVALUATE}`);
      await send(page, [
        ...(["key", "name", "value", "flag"] as const).map((it) => [it, NASTY] as const),
      ]);
      await page.screenshot({ path: join(pictures, "evaluate-hostile.png"), fullPage: true });
      expect(await page.textContent("#opened")).toContain('<img src="https://x.test/a.png"');
      expect((await widthsOf(page))[0]).toBe(390);
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
      relay.child.kill("SIGKILL");
      rmSync(folder, { recursive: true });
    }
  });
});

const MAX_TABS = 200;

/** Moves the focus with the Tab key to the element with a name. */
async function focus(page: Page, name: string): Promise<void> {
  for (let i = 0; i < MAX_TABS; i++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate<string>(`(() => {
      const it = document.activeElement;
      return (it.ariaLabel ?? it.labels?.[0]?.textContent ?? it.textContent).trim();
    })()`);
    if (focused === name) return;
  }
  throw new Error(`the Tab key does not reach ${name}`);
}

async function type(page: Page, name: string, text: string): Promise<void> {
  await focus(page, name);
  await page.keyboard.type(text);
}

/** Presses Enter, and waits for the next page. */
async function submit(page: Page): Promise<void> {
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}
