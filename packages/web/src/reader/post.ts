import { reportMistake } from "./mistakes.js";
import type { Snapshot } from "./snapshot.js";

const RETRY_MS = 2_000;

interface Page {
  readonly prerendering?: boolean;
  readonly visibilityState?: string;
  addEventListener(name: string, listener: () => void, options: object): void;
}

/** Sends exposures when the visitor sees the page, which may be prerendered or in the background. */
export function post(
  { token, url }: Pick<Snapshot, "url" | "token">,
  indexes: readonly number[],
  onLost: () => void,
): void {
  const { document } = globalThis as { readonly document?: Page };
  if (document?.prerendering || document?.visibilityState === "hidden") {
    const event = document.prerendering ? "prerenderingchange" : "visibilitychange";
    document.addEventListener(event, () => post({ token, url }, indexes, onLost), { once: true });
  } else send(url, JSON.stringify({ t: token, f: indexes }), true, onLost);
}

/** Sends a body, and once more if there is no response or the server fails. The server deduplicates. Never rejects. */
async function send(
  url: string,
  body: string,
  isFirst: boolean,
  onLost: () => void,
): Promise<void> {
  try {
    // `keepalive` outlives the page. All such requests of a page share 64 KiB, so the second try does without.
    const response = await fetch(url, {
      method: "POST",
      // Some servers behind a proxy reject text, as if a form of another site had sent it.
      headers: { "content-type": "application/json" },
      body,
      keepalive: isFirst,
    });
    const { status } = response;
    reportMistake(
      () =>
        status === 404 && `no route receives exposures at ${url}: export POST there, or set url`,
    );
    if (status < 500 && status !== 410) return;
    isFirst &&= status !== 410; // a new token will not have expired
  } catch {
    // There is no response, or no `fetch`.
  }
  if (isFirst) setTimeout(send, RETRY_MS, url, body, false, onLost);
  else onLost();
}
