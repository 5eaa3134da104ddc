// Lists the documentation's links to other sites. With `--online`, requests each one, and fails if a page does not exist or
// does not respond. `npm test` checks the links within the repository.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pages, root } from "../scripts/pages.mjs";

const TIMEOUT_MS = 15_000;
const AT_A_TIME = 4;
/** Reserved names for examples, which do not resolve. */
const EXAMPLE = /^https:\/\/([\w-]+\.)*(example(\.(com|net|org))?|invalid|test|localhost)([:/]|$)/;

/**
 * Returns the URLs that a page links to, except in code.
 *
 * @param {string} markdown
 * @returns {readonly string[]}
 */
export function externalLinksOf(markdown) {
  const text = markdown.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");
  const found = [...text.matchAll(/\]\((https?:[^)\s]+)\)|<(https?:[^>\s]+)>/g)];
  return [...new Set(found.map(([, link, bare]) => (link ?? bare ?? "").replace(/#.*$/, "")))];
}

/** Returns pages by URL. */
function externalLinks() {
  const links = new Map();
  for (const page of pages()) {
    for (const url of externalLinksOf(readFileSync(join(root, page), "utf8"))) {
      links.set(url, [...(links.get(url) ?? []), page]);
    }
  }
  return new Map([...links].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Requests each URL, and returns problems by URL. A page that rejects programs (401, 403, 429) exists.
 *
 * @param {readonly string[]} urls
 * @param {typeof fetch} [ask]
 * @returns {Promise<ReadonlyMap<string, string>>}
 */
export async function problemsOf(urls, ask = fetch) {
  const problems = new Map();
  const waiting = [...urls];
  const work = async () => {
    for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
      const problem = await problemOf(url, ask);
      if (problem !== null) problems.set(url, problem);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return problems;
}

const isSecure = (url) => url.startsWith("https://");

async function problemOf(url, ask) {
  if (!isSecure(url)) return "not https";
  if (EXAMPLE.test(url)) return null;
  try {
    const response = await ask(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    const { status } = response;
    return status === 404 || status === 410 || status >= 500 ? `status ${status}` : null;
  } catch (error) {
    return error.cause?.code ?? error.name;
  }
}

async function main(args) {
  const unknown = args.find((arg) => arg !== "--online");
  if (unknown !== undefined) {
    console.error(`docs:links: unknown option ${unknown}; the only option is --online`);
    process.exitCode = 2;
    return;
  }
  const links = externalLinks();
  for (const [url, on] of links) console.log(`${url}  ${on.join(" ")}`);
  const isOnline = args.includes("--online");
  const urls = [...links.keys()].filter((url) => isOnline || !isSecure(url));
  const problems = await problemsOf(urls);
  for (const [url, problem] of problems) console.error(`${url}: ${problem}`);
  const outcome = isOnline ? `, ${problems.size} with a problem` : "; `--online` requests each one";
  console.error(`${links.size} external links${outcome}`);
  if (problems.size > 0) process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
