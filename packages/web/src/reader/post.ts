import type { Snapshot } from "./snapshot.js";

const RETRY_MS = 2_000;

interface Page {
  readonly prerendering?: boolean;
  addEventListener(name: "prerenderingchange", listener: () => void, options: object): void;
}

/** Sends exposures. A prerendered page sends them when the visitor opens it. */
export function post(snapshot: Pick<Snapshot, "url" | "token">, flags: readonly string[]): void {
  const { document } = globalThis as { readonly document?: Page };
  const body = JSON.stringify({ t: snapshot.token, f: flags });
  const start = (): void => send(snapshot.url, body, true);
  if (document?.prerendering) {
    document.addEventListener("prerenderingchange", start, { once: true });
  } else start();
}

/** Sends a body, and once more if there is no response or the server fails. The server deduplicates. */
function send(url: string, body: string, hasRetry: boolean): void {
  const retry = (): void => {
    if (hasRetry) setTimeout(() => send(url, body, false), RETRY_MS);
  };
  // `keepalive` outlives the page. A text body needs no preflight request.
  fetch(url, { method: "POST", body, keepalive: true }).then(({ status }) => {
    if (status >= 500) retry();
  }, retry);
}
