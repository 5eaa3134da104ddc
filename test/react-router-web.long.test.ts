import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { build } from "esbuild";
import { describe, expect, it, onTestFinished } from "vitest";
import { split, testFlags } from "../packages/testing/src/index.ts";
import { flagServer } from "../packages/testing/src/server.ts";
import { type Files, makeApplication, startCollector } from "./next/application.ts";
import { hasChromium, launchChromium, type Page } from "./next/chromium.ts";
import { filesOfGuide } from "./next/guide.ts";

const GUIDE = filesOfGuide("React Router");

const FILES: Files = {
  ...GUIDE,
  // React Router's server build, without its bundler.
  "server.tsx": `
    import { createServer } from "node:http";
    import { readFile } from "node:fs/promises";
    import { init } from "@sortition/node";
    import { nodeHandler } from "@sortition/web/server";
    import { StrictMode } from "react";
    import { renderToString } from "react-dom/server";
    import { createStaticHandler, createStaticRouter, StaticRouterProvider } from "react-router";
    import * as checkout from "./app/routes/checkout";
    import * as exposures from "./app/routes/api.exposures";

    await init({
      apiKey: "key",
      baseUrl: process.env.EPPO_BASE_URL,
      assignmentLogger: {
        logAssignment: async ({ variation }) => {
          await fetch(process.env.COLLECTOR_URL ?? "", { method: "POST", body: variation });
        },
      },
    });
    const routes = [{ path: "/checkout", loader: checkout.loader, Component: checkout.default }];
    const { dataRoutes, query } = createStaticHandler(routes);

    async function answer(request: Request): Promise<Response> {
      const { pathname } = new URL(request.url);
      if (pathname === "/api/exposures") return await exposures.action({ request });
      if (pathname === "/client.js") {
        const script = await readFile("client.js", "utf8");
        return new Response(script, { headers: { "content-type": "text/javascript" } });
      }
      if (pathname !== "/checkout") return new Response("", { headers: { "content-type": "text/html", "set-cookie": "uid=user-1" } });
      const context = await query(request);
      if (context instanceof Response) return context;
      const router = createStaticRouter(dataRoutes, context);
      const html = renderToString(<StrictMode><StaticRouterProvider router={router} context={context} /></StrictMode>);
      const headers = new Headers(checkout.headers({ loaderHeaders: Object.values(context.loaderHeaders)[0] }));
      headers.set("content-type", "text/html");
      return new Response('<!doctype html><html><head><link rel="icon" href="data:,"></head><body><div id="root">' + html + '</div><script type="module" src="/client.js"></script></body></html>', { headers });
    }
    const server = createServer(nodeHandler(answer)).listen(0, "127.0.0.1", () => {
      const address = server.address();
      console.log("listening on http://127.0.0.1:" + (typeof address === "object" ? address?.port : ""));
    });`,
  "client.tsx": `
    import { StrictMode } from "react";
    import { hydrateRoot } from "react-dom/client";
    import { createBrowserRouter } from "react-router";
    import { RouterProvider } from "react-router/dom";
    import Checkout from "./app/routes/checkout";
    const router = createBrowserRouter([{ path: "/checkout", loader: () => null, Component: Checkout }], {
      hydrationData: (window as any).__staticRouterHydrationData,
    });
    hydrateRoot(document.getElementById("root")!, <StrictMode><RouterProvider router={router} /></StrictMode>);`,
};

/** Bundles React's development build, which reports what differs between the server and the browser. */
async function bundle(folder: string): Promise<void> {
  const common = {
    absWorkingDir: folder,
    bundle: true,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' },
  } as const;
  await build({
    ...common,
    entryPoints: ["server.tsx"],
    outfile: "server.mjs",
    platform: "node",
    packages: "external",
  });
  await build({
    ...common,
    entryPoints: ["client.tsx"],
    outfile: "client.js",
    platform: "browser",
    plugins: [
      {
        // React Router's bundler removes loaders and the modules that they use.
        name: "server-only-modules",
        setup({ onLoad }) {
          onLoad({ filter: /\.server\.ts$/ }, () => ({
            contents: "export let flags, snapshot, responseHeaders;",
          }));
        },
      },
    ],
  });
}

async function start(folder: string, variables: Files): Promise<string> {
  const env = { ...process.env, ...variables, NODE_ENV: "development" };
  const child: ChildProcess = spawn(process.execPath, ["server.mjs"], { cwd: folder, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text) => {
      output += text;
    });
  }
  await expect.poll(() => output).toMatch(/listening on/);
  return /http:\/\/\S+/.exec(output)?.[0] ?? "";
}

/** Waits for the response to a page's exposures. */
function posted(page: Page) {
  return page.waitForResponse((it) => it.url().endsWith("/api/exposures"));
}

describe.skipIf(!hasChromium)("the guide's React Router application, in Chromium", () => {
  it("shows values at once, and logs what visitors see, in StrictMode", async () => {
    const folder = makeApplication(FILES, ["core", "node", "web"]);
    expect(Object.keys(GUIDE)).toHaveLength(4);
    await bundle(folder);
    const flags = testFlags();
    flags
      .string("checkout")
      .variations("fast", "standard")
      .otherwise(split({ fast: 100, standard: 0 }));
    const server = await flagServer({ flags });
    onTestFinished(() => server.close());
    const collector = await startCollector();
    const url = await start(folder, {
      EPPO_BASE_URL: `${server.url}/api`,
      COLLECTOR_URL: collector.url,
      FLAGS_SECRET: randomBytes(32).toString("base64url"),
    });

    const first = await fetch(`${url}/checkout`, { headers: { cookie: "uid=user-2" } });
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    const html = await first.text();
    expect(html).toContain("<h1>Fast checkout</h1>");
    expect(html).toContain('<button type="button">Buy now</button>');
    expect(collector.received).toEqual([]);

    const visit = await launchChromium();
    const { page, problems } = await visit();
    await page.goto(url); // sets the cookie
    const shown = posted(page);
    await page.goto(`${url}/checkout`);
    expect((await shown).status()).toBe(204);
    expect(await page.textContent("button")).toBe("Buy now");
    await expect.poll(() => collector.received).toEqual(["fast"]);
    const again = posted(page);
    await page.reload();
    expect((await again).status()).toBe(204);
    await page.waitForLoadState("networkidle");
    expect(collector.received).toEqual(["fast"]);
    expect(problems).toEqual([]);
  });
});
