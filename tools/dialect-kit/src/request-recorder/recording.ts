import type { ScriptedReply, ScriptedRequest } from "./scripted-network.js";

/** Headers of HTTP libraries, which say nothing about the package. */
const LIBRARY_HEADERS: ReadonlySet<string> = new Set([
  ...["host", "connection", "content-length", "transfer-encoding", "keep-alive"],
  ...["accept-language", "sec-fetch-mode"],
]);
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
/**
 * Versions of our packages and of libraries: `sortition-node/1.2.3`, `"sdkVersion":"1.2.3"`,
 * `sdkVersion=1.2.3`.
 */
const VERSION =
  /((?:[\w-]*(?:sortition|-node)[\w-]*\/v?)|sdk\w*Version(?:":"|=))\d+\.\d+\.\d+[\w.-]*/g;

/** Records events as lines of text. */
export class Recording {
  readonly #elapsedMs: () => number;
  readonly #normalise: (line: string) => string;
  readonly #lines: string[] = [];
  /**
   * Headers of the last request by method and path. For later requests, only differences are
   * recorded.
   */
  readonly #headers = new Map<string, ReadonlyMap<string, string>>();
  readonly #uuids = new Map<string, string>();

  constructor(elapsedMs: () => number, normalise: (line: string) => string) {
    this.#elapsedMs = elapsedMs;
    this.#normalise = normalise;
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  /** Records one line with its time. */
  add(what: string): void {
    this.#lines.push(this.#plain(`+${this.#elapsedMs()} ${what}`));
  }

  /** Records a request with its reply. */
  request(request: ScriptedRequest, reply: ScriptedReply): void {
    const { body, method, url } = request;
    this.add(`${method} ${url.href} -> ${replyText(reply)}`);
    const key = `${method} ${url.origin}${url.pathname}`;
    const former = this.#headers.get(key) ?? new Map<string, string>();
    const headers = new Map(
      Object.entries(request.headers)
        .filter(([name]) => !LIBRARY_HEADERS.has(name))
        .map(([name, value]): [string, string] => [name, String(value)])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    this.#headers.set(key, headers);
    for (const [name, value] of headers) {
      if (former.get(name) !== value) this.#detail(`${name}: ${value}`);
    }
    for (const name of former.keys()) if (!headers.has(name)) this.#detail(`without ${name}`);
    if (body !== "") this.#detail(`body ${body}`);
  }

  #detail(text: string): void {
    this.#lines.push(this.#plain(`    ${text}`));
  }

  #plain(line: string): string {
    return this.#normalise(line)
      .replace(VERSION, "$1<version>")
      .replace(UUID, (uuid) => {
        const name = this.#uuids.get(uuid) ?? `<uuid ${this.#uuids.size + 1}>`;
        this.#uuids.set(uuid, name);
        return name;
      })
      .replaceAll("\n", "\\n");
  }
}

function replyText(reply: ScriptedReply): string {
  if (typeof reply !== "object") return String(reply);
  const { afterMs, headers = {}, status = 200 } = reply;
  const shown = Object.entries(headers).map(([name, value]) => ` ${name}="${value}"`);
  return `${status}${shown.join("")}${afterMs === undefined ? "" : ` after ${afterMs}`}`;
}

/** Formats a value. Errors are shown by class, code and message. */
export function shown(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) {
    const { code, message, name } = value as Error & { readonly code?: unknown };
    return `${name}${code === undefined ? "" : ` ${String(code)}`}: ${message}`;
  }
  if (typeof value === "function") return "a function";
  try {
    return (
      JSON.stringify(value, (_, it: unknown) =>
        it instanceof Error ? shown(it) : typeof it === "bigint" ? String(it) : it,
      ) ?? String(value)
    );
  } catch {
    return String(value);
  }
}
