import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  createApplication,
  start,
  startCollector,
  type Texts,
  writeFiles,
} from "./applications/application.ts";
import { startChangingFlags } from "./applications/changing-flags.ts";
import { hasChromium, launchChromium, type Page } from "./applications/chromium.ts";
import { filesOfGuide } from "./applications/guide.ts";
import { run } from "./run.ts";
import { newestOf, versionsOf } from "./versions.ts";

/** The newest one needs a newer Node, and is tested in `browser-built-hosts.test.ts`. */
const VERSION = versionsOf("React Router")[0];

const folder = createApplication({
  "@react-router/dev": VERSION,
  "@react-router/node": VERSION,
  "@react-router/serve": VERSION,
  "@types/react": "19.3.0",
  "@types/react-dom": "19.3.0",
  isbot: "5.2.3",
  react: newestOf("React"),
  "react-dom": newestOf("React"),
  "react-router": VERSION,
  typescript: "5.9.3",
  vite: "7.3.8",
});

const GUIDE = filesOfGuide("React Router");

/** The guide's call of `init`, with the test's servers. */
const PORTS = `
    baseUrl: process.env.EPPO_BASE_URL,
    assignmentLogger: {
      async logAssignment({ variation }) {
        await fetch(process.env.COLLECTOR_URL, { method: "POST", body: variation });
      },
    },
  });`;

const FILES: Texts = {
  ...GUIDE,
  "instrumentation.mjs": (GUIDE["instrumentation.mjs"] ?? "").replace(
    /^ *assignmentLogger.*/ms,
    PORTS,
  ),
  "vite.config.ts": `
    import { reactRouter } from "@react-router/dev/vite";
    import { defineConfig } from "vite";
    export default defineConfig({ plugins: [reactRouter()] });`,
  "tsconfig.json": JSON.stringify({
    include: ["app"],
    compilerOptions: {
      ...{ jsx: "react-jsx", lib: ["DOM", "DOM.Iterable", "ES2022"], target: "ES2022" },
      ...{ module: "ES2022", moduleResolution: "bundler", noEmit: true, strict: true },
    },
  }),
  "app/root.tsx": `
    import type { ReactNode } from "react";
    import { Outlet, Scripts } from "react-router";
    export function Layout({ children }: { children: ReactNode }) {
      return <html lang="en"><head><link rel="icon" href="data:," /></head><body>{children}<Scripts /></body></html>;
    }
    export default Outlet;`,
  "app/routes.ts": `
    import { index, type RouteConfig, route } from "@react-router/dev/routes";
    export default [
      index("routes/home.tsx"),
      route("checkout", "routes/checkout.tsx"),
      route("api/exposures", "routes/api.exposures.ts"),
      route("two", "routes/parent.tsx", [index("routes/child.tsx")]),
    ] satisfies RouteConfig;`,
  "app/routes/home.tsx": `
    import { Link } from "react-router";
    export const headers = () => ({ "set-cookie": "uid=user-1" });
    export default function Home() {
      return <Link to="/checkout" prefetch="render">Check out</Link>;
    }`,
};

/** Loaders that run at the same time, and a configuration that changes between them. */
const TWO_LOADERS: Texts = {
  "app/changed.server.ts": `
    let resolve: () => void = () => {};
    export const changed = new Promise<void>((it) => {
      resolve = it;
    });
    export const noteChanged = () => resolve();`,
  "app/routes/parent.tsx": `
    import { getInstance } from "@sortition/node";
    import { type LoaderFunctionArgs, Outlet, useLoaderData } from "react-router";
    import { noteChanged } from "../changed.server";
    import { flags } from "../flags.server";
    export async function loader(args: LoaderFunctionArgs) {
      const value = (await flags(args)).getStringAssignment("checkout", "standard");
      await fetch(process.env["CHANGE_URL"] ?? "", { method: "POST" });
      await getInstance().refresh();
      noteChanged();
      return { value, next: getInstance().getStringAssignment("checkout", "user-4", {}, "none") };
    }
    export default function Parent() {
      const { next, value } = useLoaderData<typeof loader>();
      return <><h2>{value}</h2><h3>{next}</h3><Outlet /></>;
    }`,
  "app/routes/child.tsx": `
    import { type LoaderFunctionArgs, useLoaderData } from "react-router";
    import { changed } from "../changed.server";
    import { snapshot } from "../flags.server";
    export async function loader(args: LoaderFunctionArgs) {
      await changed;
      return await snapshot({ checkout: "standard" }, args);
    }
    export default function Child() {
      return <h4>{String(useLoaderData<typeof loader>().values["checkout"])}</h4>;
    }`,
};

/** React's development build reports what differs between the server and the browser, and mounts twice in StrictMode. */
const DEVELOPMENT = { NODE_ENV: "development" };

/** Waits for the response to a page's exposures. */
function posted(page: Page) {
  return page.waitForResponse((it) => it.url().endsWith("/api/exposures"));
}

describe.skipIf(!hasChromium)("the guide's React Router application, in Chromium", () => {
  it("shows values at once, and logs what visitors see, in StrictMode", async () => {
    expect(Object.keys(GUIDE)).toHaveLength(5);
    writeFiles(folder, { ...FILES, ...TWO_LOADERS });
    for (const args of [["@react-router/dev/bin.js", "build"], ["typescript/bin/tsc"]]) {
      const command = [`node_modules/${args[0]}`, ...args.slice(1)];
      const options = { cwd: folder, env: DEVELOPMENT };
      const { exitCode, stderr, stdout } = await run(process.execPath, command, options);
      expect(exitCode, stdout + stderr).toBe(0);
    }
    const collector = await startCollector();
    const serve = "node_modules/@react-router/serve/bin.js";
    const args = ["--import", "./instrumentation.mjs", serve, "build/server/index.js"];
    const { url } = await start(folder, args, {
      ...(await startChangingFlags()),
      EPPO_API_KEY: "key",
      COLLECTOR_URL: collector.url,
      FLAGS_SECRET: randomBytes(32).toString("base64url"),
      ...DEVELOPMENT,
      HOST: "127.0.0.1",
    });

    const first = await fetch(`${url}/checkout`, { headers: { cookie: "uid=user-2" } });
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    const html = await first.text();
    expect(html).toContain("<h1>Fast checkout</h1>");
    expect(html).toContain('<button type="button">Buy now</button>');
    expect(collector.received).toEqual([]);

    const visit = await launchChromium();
    const { page, problems } = await visit();
    const prefetched = page.waitForResponse((it) => it.url().includes("/checkout.data"));
    await page.goto(url); // sets the cookie
    await prefetched;
    await page.waitForLoadState("networkidle");
    expect(collector.received).toEqual([]);
    const clicked = posted(page);
    await page.click("a");
    expect((await clicked).status()).toBe(204);
    expect(await page.textContent("button")).toBe("Buy now");
    await expect.poll(() => collector.received).toEqual(["fast"]);
    const again = posted(page);
    await page.reload();
    expect((await again).status()).toBe(204);
    expect(await page.textContent("button")).toBe("Buy now");
    await page.waitForLoadState("networkidle");
    expect(collector.received).toEqual(["fast"]);
    expect(problems).toEqual([]);

    const two = await fetch(`${url}/two`, { headers: { cookie: "uid=user-3" } });
    expect(await two.text()).toContain("<h2>fast</h2><h3>standard</h3><h4>fast</h4>");
  });
});
