import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startEppoServer } from "../apps/examples/src/runner/eppo/config-server.ts";
import type { LoopbackServer } from "../apps/examples/src/runner/loopback-server.ts";
import { installTools } from "../scripts/tools.mjs";

const root = join(import.meta.dirname, "..");
const example = join(root, "apps/examples/src/native/next");
const tools = installTools("next", {
  "@types/node": "22.20.5",
  "@types/react": "19.3.0",
  next: "16.4.6",
  react: "19.3.1",
  "react-dom": "19.3.1",
  typescript: "5.9.3",
  undici: "7.30.2",
});

const INSTRUMENTATION = readFileSync(join(example, "instrumentation.ts"), "utf8");
const ROUTE = readFileSync(join(example, "app/api/checkout/route.ts"), "utf8");
/** The example's logger, replaced by one that needs a second for each exposure. */
const SLOW_LOGGER = `logAssignment: async ({ subject }) => {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await fetch(process.env["COLLECTOR_URL"] ?? "", { method: "POST", body: subject });
},`;

/** Settings of Next. Its root also contains Next itself. */
function configuration(settings: string): string {
  return `export default {
    serverExternalPackages: ["@sortition/node"],
    turbopack: { root: ${JSON.stringify(tools)} },
    outputFileTracingRoot: ${JSON.stringify(tools)},
    ${settings}
  };`;
}

/** One build checks the types of the application. The others skip them, because the check takes seconds. */
const WITHOUT_TYPES = "typescript: { ignoreBuildErrors: true },";

/** Settings for each bundler. Minifying and tracing would take half of webpack's time. */
const SETTINGS = {
  "--turbopack": "",
  "--webpack": `
    ${WITHOUT_TYPES}
    outputFileTracingExcludes: { "**": ["**"] },
    webpack: (config) => ({ ...config, optimization: { ...config.optimization, minimize: false } }),`,
};

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

/** Creates a Next application below the folder in which Next is installed. */
function makeApplication(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tools, "application-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  writeFileSync(join(folder, "package.json"), `{ "private": true, "name": "application" }`);
  for (const name of ["core", "node"]) {
    for (const part of ["dist", "package.json"]) {
      cpSync(
        join(root, "packages", name, part),
        join(folder, "node_modules/@sortition", name, part),
        { recursive: true },
      );
    }
  }
  return folder;
}

const next = join(tools, "node_modules/next/dist/bin/next");

function environment(): NodeJS.ProcessEnv {
  const { NODE_ENV: _, ...env } = process.env;
  return { ...env, ...eppo.env, NEXT_TELEMETRY_DISABLED: "1" };
}

function build(cwd: string, bundler: "--turbopack" | "--webpack") {
  return new Promise<{ readonly failed: boolean; readonly output: string }>((resolve) => {
    const options = { cwd, env: environment() };
    execFile(process.execPath, [next, "build", bundler], options, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: stdout + stderr });
    });
  });
}

/** Counts the exposures that it receives, by subject. */
async function startCollector() {
  const received: string[] = [];
  const server = createServer(async (request, response) => {
    received.push(Buffer.concat(await request.toArray()).toString());
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function start(cwd: string) {
  const collector = await startCollector();
  const child = spawn(process.execPath, [next, "start", "--port", "0", "--hostname", "127.0.0.1"], {
    cwd,
    env: { ...environment(), COLLECTOR_URL: collector.url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  await expect.poll(() => output, { timeout: 60_000 }).toMatch(/Ready in/);
  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? "",
    received: collector.received,
    outputs: (text: string) => expect.poll(() => output, { timeout: 60_000 }).toContain(text),
    async stop() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

describe.each(["--turbopack", "--webpack"] as const)(
  "a Next application built with %s",
  (bundler) => {
    it("evaluates flags in a page, a route and a proxy, and loses no exposure at SIGTERM", async () => {
      const config = configuration(SETTINGS[bundler]);
      const folder = makeApplication({ ...FILES, "next.config.ts": config });
      const { failed, output } = await build(folder, bundler);
      expect(failed, output).toBe(false);

      const first = await start(folder);
      const page = await fetch(first.url);
      expect(page.headers.get("x-checkout")).toMatch(/_checkout$/);
      expect(await page.text()).toMatch(/<p>\w+_checkout<\/p>/);
      expect(await (await fetch(`${first.url}/api/edge`)).text()).toContain("use @sortition/edge");
      const route = await fetch(`${first.url}/api/checkout?user=user-1`);
      expect(await route.json()).toMatchObject({ checkout: expect.stringMatching(/_checkout$/) });
      // The logger still needs a second.
      await first.stop();
      expect(first.received.toSorted()).toEqual(["page-1", "proxy-1", "user-1", "user-1"]);

      const second = await start(folder);
      const open = fetch(`${second.url}/api/slow?user=user-2`);
      await second.outputs("request received");
      await Promise.all([second.stop(), open.then((it) => expect(it.status).toBe(200))]);
      expect(second.received).toEqual(["user-2", "user-2"]);
    });
  },
);

it("a page that Next renders at build time fails with the remedy", async () => {
  const folder = makeApplication({
    "next.config.ts": configuration(WITHOUT_TYPES),
    "instrumentation.ts": INSTRUMENTATION,
    "app/layout.tsx": FILES["app/layout.tsx"] ?? "",
    "app/page.tsx": PRERENDERED_PAGE,
  });
  const { failed, output } = await build(folder, "--turbopack");
  expect(failed).toBe(true);
  expect(output).toContain('add `await connection()` from "next/server"');
});
