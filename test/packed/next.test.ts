import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEppoServer } from "../../apps/examples/src/runner/eppo/config-server.ts";
import type { LoopbackServer } from "../../apps/examples/src/runner/loopback-server.ts";
import { startCollector, writeFiles } from "./applications/application.ts";
import { build, configuration, createNextApplication, startNext } from "./applications/next.ts";

const example = join(import.meta.dirname, "../../apps/examples/src/native/next");
const folder = createNextApplication();

const INSTRUMENTATION = readFileSync(join(example, "instrumentation.ts"), "utf8");
const ROUTE = readFileSync(join(example, "app/api/checkout/route.ts"), "utf8");
/** The example's logger, replaced by one that needs a second for each exposure. */
const SLOW_LOGGER = `logAssignment: async ({ subject }) => {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await fetch(process.env["COLLECTOR_URL"] ?? "", { method: "POST", body: subject });
},`;

const FILES: Readonly<Record<string, string>> = {
  "instrumentation.ts": INSTRUMENTATION.replace(/logAssignment: .*,/, () => SLOW_LOGGER),
  "app/api/checkout/route.ts": ROUTE,
  "app/api/slow/route.ts": ROUTE.replace(
    "const flags",
    `console.log("request received");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const flags`,
  ),
  "app/api/edge/route.ts": `
    import { getInstance } from "@sortition/node";
    export const runtime = "edge";
    export function GET(): Response {
      try {
        return new Response(getInstance().status.state);
      } catch (error) {
        return new Response(String(error));
      }
    }`,
  "app/layout.tsx": `
    export default function Layout({ children }: { children: React.ReactNode }) {
      return <html lang="en"><body>{children}</body></html>;
    }`,
  "app/page.tsx": `
    import { getInstance } from "@sortition/node";
    import { connection } from "next/server";
    export default async function Page() {
      await connection();
      return <p>{getInstance().getStringAssignment("test-checkout", "page-1", {}, "none")}</p>;
    }`,
  "proxy.ts": `
    import { getInstance } from "@sortition/node";
    import { NextResponse } from "next/server";
    export function proxy() {
      const checkout = getInstance().getStringAssignment("test-checkout", "proxy-1", {}, "none");
      return NextResponse.next({ headers: { "x-checkout": checkout } });
    }
    export const config = { matcher: "/" };`,
};

const PRERENDERED_PAGE = `
  import { getInstance } from "@sortition/node";
  export default function Page() {
    return <p>{getInstance().getStringAssignment("test-checkout", "user-1", {}, "none")}</p>;
  }`;

let eppo: LoopbackServer;
beforeAll(async () => {
  eppo = await startEppoServer();
});
afterAll(() => eppo.close());

describe.each(["--turbopack", "--webpack"] as const)(
  "a Next application built with %s",
  (bundler) => {
    it("evaluates flags in a page, a route and a proxy, and loses no exposure at SIGTERM", async () => {
      writeFiles(folder, { ...FILES, ...configuration(bundler) });
      const { exitCode, stderr, stdout } = await build(folder, bundler, eppo.env);
      expect(exitCode, stdout + stderr).toBe(0);

      const { received, url } = await startCollector();
      const env = { ...eppo.env, COLLECTOR_URL: url };
      const first = await startNext(folder, env);
      const page = await fetch(first.url);
      expect(page.headers.get("x-checkout")).toMatch(/_checkout$/);
      expect(await page.text()).toMatch(/<p>\w+_checkout<\/p>/);
      expect(await (await fetch(`${first.url}/api/edge`)).text()).toContain("use @sortition/edge");
      const route = await fetch(`${first.url}/api/checkout?user=user-1`);
      expect(await route.json()).toMatchObject({ checkout: expect.stringMatching(/_checkout$/) });
      // The logger still needs a second.
      await first.stop();
      expect(received.toSorted()).toEqual(["page-1", "proxy-1", "user-1", "user-1"]);

      const second = await startNext(folder, env);
      const open = fetch(`${second.url}/api/slow?user=user-2`);
      await second.outputs("request received");
      await Promise.all([second.stop(), open.then((it) => expect(it.status).toBe(200))]);
      expect(received.slice(4)).toEqual(["user-2", "user-2"]);
    });
  },
);

it("a page that Next renders at build time fails with the remedy", async () => {
  writeFiles(folder, {
    ...configuration("untyped"),
    "instrumentation.ts": INSTRUMENTATION,
    "app/layout.tsx": FILES["app/layout.tsx"] ?? "",
    "app/page.tsx": PRERENDERED_PAGE,
  });
  const { exitCode, stderr, stdout } = await build(folder, "--turbopack", eppo.env);
  expect(exitCode).toBe(1);
  expect(stdout + stderr).toContain('add `await connection()` from "next/server"');
});
