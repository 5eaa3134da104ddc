// Resolves the imports of a snippet from the package whose page shows it, or from the examples, and gives it
// clients that ask the server on loopback.

const root = new URL("../../", import.meta.url).href;
const { SNIPPET_FOLDER, SNIPPET_HOME, SNIPPET_SERVER } = process.env;

/** The packages whose clients read `baseUrl`. */
const CLIENTS = ["@sortition/node", "@sortition/eppo"];

/** @type {import("node:module").ResolveHook} */
export async function resolve(specifier, context, next) {
  const isSnippet = context.parentURL?.startsWith(SNIPPET_FOLDER);
  const name = specifier.replace(/\?snippet$/, "");
  if ((!isSnippet && name === specifier) || /^(node:|\.|file:)/.test(specifier)) {
    return next(specifier, context);
  }
  const own = /^@sortition\/([^/]+)/.exec(name)?.[1];
  const home = own === undefined ? SNIPPET_HOME : `packages/${own}`;
  const parentURL = `${root}${home}/package.json`;
  const resolved = await next(name, { ...context, parentURL });
  return CLIENTS.includes(name) ? { ...resolved, url: `${resolved.url}?snippet` } : resolved;
}

/** @type {import("node:module").LoadHook} */
export function load(url, context, next) {
  if (!url.endsWith("?snippet")) return next(url, context);
  const module = JSON.stringify(url.slice(0, -"?snippet".length));
  return {
    format: "module",
    shortCircuit: true,
    source: `
      import * as it from ${module};
      export * from ${module};
      const baseUrl = ${JSON.stringify(SNIPPET_SERVER)};
      const redirected = ({ proxy, dispatcher, ...options }) =>
        options.source || options.initialConfiguration || options.pollIntervalMs === null
          ? options
          : { ...options, baseUrl };
      export const init = (options) => it.init(redirected(options));
      export const createClient = (options) => it.createClient(redirected(options));
      export const httpOrigin = (options) => it.httpOrigin({ ...options, baseUrl });
    `,
  };
}
