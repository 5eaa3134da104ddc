import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { siteTools } from "../tools.mjs";

/** Path of the browser. Empty if there is none, so that tests are skipped. */
export const chromium: string = process.env["CHROMIUM_BIN"] ?? "";

/** The part of playwright-core that tests use, because it is not a dependency of the workspace. */
export interface Page {
  on(event: "console", listener: (message: { text(): string }) => void): void;
  on(event: "pageerror", listener: (error: Error) => void): void;
  on(event: "request", listener: (request: PageRequest) => void): void;
  on(event: "response", listener: (response: { status(): number; url(): string }) => void): void;
  goto(url: string): Promise<unknown>;
  click(selector: string): Promise<void>;
  fill(selector: string, text: string): Promise<void>;
  getAttribute(selector: string, name: string): Promise<string | null>;
  waitForSelector(selector: string): Promise<unknown>;
  waitForURL(url: RegExp): Promise<void>;
  url(): string;
  textContent(selector: string): Promise<string | null>;
  evaluate<Result>(expression: string): Promise<Result>;
  waitForEvent(event: "load"): Promise<unknown>;
  screenshot(options: { readonly path: string; readonly fullPage?: boolean }): Promise<unknown>;
  close(): Promise<void>;
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
}

interface PageRequest {
  url(): string;
  method(): string;
  /** Names are in lower case. */
  headers(): Readonly<Record<string, string>>;
}

export interface ContextOptions {
  readonly bypassCSP?: boolean;
  readonly colorScheme?: "dark" | "light";
  readonly javaScriptEnabled?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A phone, a small window and a large one, with both colour schemes. */
export const WINDOWS = [
  { viewport: { width: 390, height: 900 }, colorScheme: "dark" },
  { viewport: { width: 1_000, height: 900 }, colorScheme: "light" },
  { viewport: { width: 1_440, height: 900 }, colorScheme: "light" },
] as const satisfies readonly ContextOptions[];

export interface Browser {
  newPage(options?: ContextOptions): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: { executablePath: string; headless: boolean }): Promise<Browser>;
  };
}

/** Starts the browser. */
export async function launchChromium(): Promise<Browser> {
  const tools = join(siteTools(), "node_modules");
  const playwright: Playwright = await import(
    pathToFileURL(join(tools, "playwright-core/index.mjs")).href
  );
  return await playwright.chromium.launch({ executablePath: chromium, headless: true });
}

/** Returns the names of axe-core's rules that a page violates. The page must be opened with `bypassCSP`, because axe-core is a script. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  const axe = readFileSync(join(siteTools(), "node_modules/axe-core/axe.min.js"), "utf8");
  await page.evaluate(axe);
  const violations: readonly { readonly id: string }[] = await page.evaluate(
    "axe.run().then(({ violations }) => violations)",
  );
  return violations.map(({ id }) => id);
}
