import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { sealOverrides } from "../../packages/web/src/server.ts";
import { startCollector, type Texts, writeFiles } from "./applications/application.ts";
import { startChangingFlags } from "./applications/changing-flags.ts";
import {
  hasChromium,
  launchChromium,
  openWithoutDebugger,
  type Page,
} from "./applications/chromium.ts";
import { filesOfGuide } from "./applications/guide.ts";
import {
  type Bundler,
  build,
  configuration,
  createNextApplication,
  startNext,
} from "./applications/next.ts";

const folder = createNextApplication();
const SECRET = randomBytes(32).toString("base64url");

const GUIDE = { ...filesOfGuide("Next (App Router)"), ...filesOfGuide("Vercel's `flags`") };

const FILES: Texts = {
  ...GUIDE,
  "instrumentation.ts": `
    export async function register(): Promise<void> {
      if (process.env.NEXT_RUNTIME !== "nodejs") return;
      const { init } = await import("@sortition/node");
      await init({
        apiKey: "key",
        baseUrl: process.env.EPPO_BASE_URL,
        pollIntervalMs: 600_000,
        assignmentLogger: {
          logAssignment: async ({ featureFlag, subject, variation }) => {
            const body = JSON.stringify({ featureFlag, subject, variation });
            await fetch(process.env.COLLECTOR_URL ?? "", { method: "POST", body });
          },
        },
      });
    }`,
  "app/layout.tsx": `
    export default function Layout({ children }: { children: React.ReactNode }) {
      return <html lang="en"><head><link rel="icon" href="data:," /></head><body>{children}</body></html>;
    }`,
  "app/page.tsx": `
    import Link from "next/link";
    export default function Page() {
      return <Link href="/checkout" prefetch={true}>Check out</Link>;
    }`,
  "app/prerendering/page.tsx": `
    const rules = { prerender: [{ urls: ["/checkout"], eagerness: "immediate" }] };
    export default function Page() {
      return <>
        <script type="speculationrules" dangerouslySetInnerHTML={{ __html: JSON.stringify(rules) }} />
        <a href="/checkout">Check out</a>
        <script dangerouslySetInnerHTML={{ __html: "setTimeout(() => document.querySelector('a').click(), 3000)" }} />
      </>;
    }`,
  // Reports that the browser runs the page before the visitor sees it, and when the visitor does.
  "app/checkout/layout.tsx": `
    import { connection } from "next/server";
    export default async function Layout({ children }: { children: React.ReactNode }) {
      await connection();
      const report = (body: string) => "fetch(" + JSON.stringify(process.env.COLLECTOR_URL) + ", { method: 'POST', mode: 'no-cors', body: '" + body + "' });";
      const script = "if (document.prerendering) { " + report("prerendered") + " document.addEventListener('prerenderingchange', () => { " + report("activated") + " }); }";
      return <>{children}<script dangerouslySetInnerHTML={{ __html: script }} /></>;
    }`,
  // Changes the configuration between the first and the second part of the page.
  "app/streamed/page.tsx": `
    import { getInstance } from "@sortition/node";
    import { Suspense } from "react";
    import { flags, snapshot } from "../../lib/flags";
    async function Late() {
      await fetch(process.env.CHANGE_URL ?? "", { method: "POST" });
      await getInstance().refresh();
      const f = await flags();
      const { values } = await snapshot({ checkout: "standard" });
      const other = getInstance().getStringAssignment("checkout", f.subjectKey, {}, "standard");
      return <p id="late">{f.getStringAssignment("checkout", "standard")} {String(values.checkout)} {other}</p>;
    }
    export default async function Page() {
      const f = await flags();
      return <>
        <p id="early">{f.getStringAssignment("checkout", "standard")}</p>
        <Suspense fallback={<p>…</p>}><Late /></Suspense>
      </>;
    }`,
  // Changes the configuration between two calls of a route handler, in which React's cache remembers nothing.
  "app/api/two/route.ts": `
    import { getInstance } from "@sortition/node";
    import { flags, snapshot } from "../../../lib/flags";
    export async function GET() {
      const first = (await flags()).getStringAssignment("checkout", "standard");
      await fetch(process.env.CHANGE_URL + "/fast", { method: "POST" });
      await getInstance().refresh();
      const { values } = await snapshot({ checkout: "standard" });
      const next = getInstance().getStringAssignment("checkout", "user-4", {}, "none");
      return Response.json([first, values.checkout, next]);
    }`,
  "app/vercel/page.tsx": `
    import { checkout } from "../../flags";
    export default async function Page() {
      return <p id="vercel">{await checkout()}</p>;
    }`,
};

async function startShop(bundler: Bundler): ReturnType<typeof startCollector> {
  writeFiles(folder, { ...FILES, ...configuration(bundler) });
  const collector = await startCollector();
  const variables = { ...(await startChangingFlags()), COLLECTOR_URL: collector.url };
  // Secrets are not known while an application is built.
  const { exitCode, stderr, stdout } = await build(folder, bundler, variables);
  expect(exitCode, stdout + stderr).toBe(0);
  const { url } = await startNext(folder, { ...variables, FLAGS_SECRET: SECRET });
  return { received: collector.received, url };
}

/** Waits for the response to a page's exposures. */
function posted(page: Page) {
  return page.waitForResponse((it) => it.url().endsWith("/api/exposures"));
}

it("the guide has the programs of an application", () => {
  expect(Object.keys(GUIDE)).toEqual([
    ...["proxy.ts", "lib/flags.ts", "app/api/exposures/route.ts", "app/api/overrides/route.ts"],
    ...["lib/flags-client.ts", "app/checkout/pay-button.tsx", "app/checkout/page.tsx", "flags.ts"],
  ]);
});

describe.skipIf(!hasChromium).each(["--turbopack", "--webpack"] as const)(
  "the guide's Next application, built with %s, in Chromium",
  (bundler) => {
    it("shows values at once, and logs what visitors see", async () => {
      const { received, url } = await startShop(bundler);
      const visit = await launchChromium();

      const first = await fetch(`${url}/checkout`);
      expect(first.headers.get("cache-control")).toMatch(/private.*no-store/);
      const html = await first.text();
      expect(html).toContain("<h1>Fast checkout</h1>");
      expect(html).toContain('<button type="button">Buy now</button>');

      const { page, problems } = await visit();
      const prefetched = page.waitForResponse((it) => it.url().includes("/checkout"));
      await page.goto(url);
      await prefetched;
      await page.waitForLoadState("networkidle");
      expect(received).toEqual([]);

      const clicked = posted(page);
      await page.click("a");
      expect((await clicked).status()).toBe(204);
      expect(await page.textContent("h1")).toBe("Fast checkout");
      await expect.poll(() => received).toHaveLength(1);

      const reloaded = posted(page);
      await page.reload();
      expect((await reloaded).status()).toBe(204);
      expect(await page.textContent("button")).toBe("Buy now");
      expect(received).toHaveLength(1);
      expect(problems).toEqual([]);

      openWithoutDebugger(`${url}/prerendering`);
      await expect.poll(() => received).toContain("prerendered");
      await delay(1_000);
      expect(received).toHaveLength(2);
      await expect.poll(() => received).toHaveLength(4);
      expect(received).toContain("activated");

      const tester = await visit();
      const token = await sealOverrides({
        audience: "shop-production",
        secrets: [SECRET],
        flags: { checkout: "standard" },
        expiresInSeconds: 60,
        path: "/checkout",
      });
      await tester.page.goto(`${url}/api/overrides?t=${token}`);
      await tester.page.click("button:has-text('Show these variations')");
      await tester.page.waitForURL(`${url}/checkout`);
      expect(await tester.page.textContent("button")).toBe("Pay");
      await tester.page.goto(`${url}/vercel`);
      expect(await tester.page.textContent("#vercel")).toBe("standard");
      expect(received).toHaveLength(4);
      expect(tester.problems).toEqual([]);

      const streamed = await visit();
      await streamed.page.goto(`${url}/streamed`);
      await streamed.page.waitForSelector("#late");
      expect(await streamed.page.textContent("#early")).toBe("fast");
      expect(await streamed.page.textContent("#late")).toBe("fast fast standard");

      const two = await fetch(`${url}/api/two`, { headers: { cookie: "uid=user-3" } });
      expect(await two.json()).toEqual(["standard", "standard", "fast"]);
    });
  },
);
