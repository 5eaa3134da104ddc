// Serves the built site on loopback like a static host, with clean URLs and the page 404.html.
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("dist", import.meta.url));
const PORT = Number(process.env.PORT ?? 4173);

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

/**
 * Returns the file of a URL, or `null`.
 *
 * @param {string} folder - folder of the site.
 * @param {string} path - path of the URL, still encoded.
 */
export function fileOf(folder, path) {
  let decoded;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  const names = [decoded, `${decoded}.html`, join(decoded, "index.html")];
  const files = names.map((name) => resolve(folder, `.${sep}${name}`));
  const isFile = (file) =>
    file.startsWith(folder + sep) && statSync(file, { throwIfNoEntry: false })?.isFile();
  return files.find(isFile) ?? null;
}

/** Creates a server for a built site, which does not listen yet. */
export function serveSite(folder) {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://site.test");
    const found = fileOf(folder, pathname);
    const file = found ?? join(folder, "404.html");
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(found === null ? 404 : 200, { "content-type": type });
    response.end(readFileSync(file));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!existsSync(join(dist, "index.html"))) {
    console.error("The site has not been built. Run `npm run docs:site` first.");
    process.exitCode = 1;
  } else {
    serveSite(dist).listen(PORT, "127.0.0.1", () => {
      console.log(`The documentation is at http://127.0.0.1:${PORT}/ (stop with Ctrl+C).`);
    });
  }
}
