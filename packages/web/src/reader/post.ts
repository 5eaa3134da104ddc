import { reportMistake } from "./mistakes.js";

const RETRY_MS = 2_000;

interface Page {
  readonly prerendering?: boolean;
  readonly visibilityState?: string;
  addEventListener(name: string, listener: () => void, options: object): void;
}

/** Calls a function when the visitor sees the page, which may be prerendered or in the background. */
export function whenSeen(run: () => void): void {
  const { document = {} as Page } = globalThis as { readonly document?: Page };
  const event = document.prerendering
    ? "prerenderingchange"
    : document.visibilityState === "hidden" && "visibilitychange";
  if (event) document.addEventListener(event, () => whenSeen(run), { once: true });
  else run();
}

/**
 * Sends a body, and once more if there is no response or the server fails. The server deduplicates. Never rejects.
 *
 * @param onLost - called if the server did not accept the body.
 */
export async function send(
  url: string,
  body: string,
  onLost: () => void,
  isFirst = true,
): Promise<void> {
  let mayRetry = isFirst;
  try {
    const { status } = await fetch(url, {
      method: "POST",
      // Some servers behind a proxy reject text, as if a form of another site had sent it.
      headers: { "content-type": "application/json" },
      body,
      // It outlives the page. All such requests of a page share 64 KiB, so the second try does without.
      keepalive: isFirst,
    });
    if (status === 204) return;
    reportMistake(
      () =>
        status < 500 &&
        `${url} responded with ${status} instead of 204: does it export POST, without authentication? If not, export it there, or set url`,
    );
    mayRetry &&= status >= 500;
  } catch {
    // There is no response, or no `fetch`.
  }
  if (mayRetry) setTimeout(send, RETRY_MS, url, body, onLost, false);
  else onLost();
}
