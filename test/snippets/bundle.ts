import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { root } from "../markdown.js";
import type { Snippet } from "./snippet.js";

/** The packages whose clients read `baseUrl`. */
const CLIENTS = ["@sortition/node", "@sortition/eppo"];

/** Returns the file name of a snippet's program. */
export function programOf({ place }: Snippet): string {
  return `${place.replaceAll(/\W+/g, "-")}.mjs`;
}

/**
 * Bundles each snippet with the built packages that it imports. Resolving modules one by one in each process would take twice
 * the CPU time.
 */
export async function bundleSnippets(snippets: readonly Snippet[], folder: string): Promise<void> {
  await build({
    entryPoints: snippets.map((snippet) => ({
      in: snippet.place,
      out: programOf(snippet).replace(/\.mjs$/, ""),
    })),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // Modules that several snippets import are shared.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // Bundled CommonJS modules call `require` for Node's modules.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module";\nconst require = requireFrom(import.meta.url);',
    },
    logLevel: "error",
    plugins: [snippetsOf(snippets), clientsOnLoopback()],
  });
}

/** Resolves a snippet's imports from the package whose page contains it, or from the examples. */
function snippetsOf(snippets: readonly Snippet[]): Plugin {
  return {
    name: "snippets",
    setup({ onLoad, onResolve, resolve }) {
      const byPlace = new Map(snippets.map((snippet) => [snippet.place, snippet]));
      onResolve({ filter: /^/ }, ({ kind, path }) =>
        kind === "entry-point" ? { path, namespace: "program" } : undefined,
      );
      onLoad({ filter: /^/, namespace: "program" }, ({ path }) => ({
        contents: programText(byPlace.get(path)),
        loader: "ts",
      }));
      onResolve({ filter: /^snippet:/ }, ({ path }) => ({
        path: path.slice("snippet:".length),
        namespace: "snippet",
      }));
      onLoad({ filter: /^/, namespace: "snippet" }, ({ path }) => ({
        contents: byPlace.get(path)?.text ?? "",
        loader: "ts",
      }));
      onResolve({ filter: /^[^.]/, namespace: "snippet" }, async ({ importer, kind, path }) => {
        if (CLIENTS.includes(path)) return { path, namespace: "client" };
        const home = byPlace.get(importer)?.home ?? "";
        return await resolve(path, { kind, resolveDir: homeOf(path, home) });
      });
    },
  };
}

/** Returns the program of a snippet. If it only uses the shared instance, `init` is added. */
function programText(snippet: Snippet | undefined): string {
  const { place = "", text = "" } = snippet ?? {};
  const needsInstance = text.includes("getInstance()") && !text.includes("init({");
  return needsInstance
    ? `import { init } from "@sortition/node";
       await init({ apiKey: "example", assignmentLogger: null });
       await import("snippet:${place}");`
    : `import "snippet:${place}";`;
}

/** Replaces the packages' clients with clients that use the server on loopback. */
function clientsOnLoopback(): Plugin {
  return {
    name: "clients-on-loopback",
    setup({ onLoad, onResolve, resolve }) {
      onResolve({ filter: /^@sortition\/node$/, namespace: "program" }, ({ path }) => ({
        path,
        namespace: "client",
      }));
      onResolve({ filter: /^/, namespace: "client" }, ({ kind, path }) =>
        resolve(path, { kind, resolveDir: homeOf(path, "") }),
      );
      onLoad({ filter: /^/, namespace: "client" }, ({ path }) => ({
        contents: `
          import * as it from ${JSON.stringify(path)};
          export * from ${JSON.stringify(path)};
          const baseUrl = process.env.SNIPPET_SERVER;
          const isOwnServer = ({ baseUrl }) => String(baseUrl).startsWith("http://127.0.0.1:");
          const redirected = ({ proxy, dispatcher, ...options }) =>
            options.source || options.initialConfiguration || options.pollIntervalMs === null || isOwnServer(options)
              ? options
              : { ...options, baseUrl };
          export const init = (options) => it.init(redirected(options));
          export const createClient = (options) => it.createClient(redirected(options));
          export const httpOrigin = (options) => it.httpOrigin({ ...options, baseUrl });`,
      }));
    },
  };
}

/** Returns the folder from which an import is resolved. Packages of this workspace resolve themselves. */
function homeOf(path: string, home: string): string {
  const own = /^@sortition\/([^/]+)/.exec(path)?.[1];
  return join(root, own === undefined ? home : `packages/${own}`);
}
