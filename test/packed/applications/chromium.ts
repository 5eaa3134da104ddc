import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { setup } from "../../../apps/site/chromium.mjs";
import { installTool } from "../../../scripts/tools.mjs";

/** The part of playwright-core that tests use, because it is not a dependency of the workspace. */
export interface Page {
  on(event: "console", listener: (message: { text(): string; type(): string }) => void): void;
  on(event: "pageerror", listener: (error: Error) => void): void;
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  evaluate(script: string): Promise<unknown>;
  click(selector: string): Promise<void>;
  textContent(selector: string): Promise<string | null>;
  waitForURL(url: string): Promise<void>;
  waitForSelector(selector: string): Promise<unknown>;
  waitForResponse(accepts: (response: Response) => boolean): Promise<Response>;
  waitForLoadState(state: "networkidle"): Promise<void>;
  context(): { close(): Promise<void> };
}

interface Response {
  url(): string;
  status(): number;
}

interface Browser {
  newContext(): Promise<{ newPage(): Promise<Page> }>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: {
      executablePath: string;
      headless: boolean;
      args: string[];
    }): Promise<Browser>;
  };
}

setup();
const executablePath = process.env["CHROMIUM_BIN"] ?? "";

/** Whether there is a browser. */
export const hasChromium: boolean = executablePath !== "";

const ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"];

/** Opens a page of a new visitor. Chromium prerenders no pages for a debugger, which Playwright is. */
export function openWithoutDebugger(url: string): void {
  const profile = mkdtempSync(join(tmpdir(), "sortition-chromium-"));
  const args = [...ARGS, "--headless=new", `--user-data-dir=${profile}`, url];
  const child = spawn(executablePath, args, { stdio: "ignore", detached: true });
  onTestFinished(async () => {
    const ended = once(child, "close");
    // With its children, which would write to the profile.
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  });
}

/** A page of a new visitor, with the errors and warnings that it reported. */
export interface Visit {
  readonly page: Page;
  readonly problems: readonly string[];
}

/** Starts a browser. The returned function opens a page of a new visitor. */
export async function launchChromium(): Promise<() => Promise<Visit>> {
  const library = join(installTool("playwright-core", "1.65.1"), "node_modules/playwright-core");
  const { chromium }: Playwright = await import(pathToFileURL(join(library, "index.mjs")).href);
  const browser = await chromium.launch({ executablePath, headless: true, args: [...ARGS] });
  onTestFinished(() => browser.close());
  return async () => {
    const page = await (await browser.newContext()).newPage();
    const problems: string[] = [];
    page.on("console", (message) => {
      if (/^(error|warning)$/.test(message.type())) problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(error.message));
    return { page, problems };
  };
}
