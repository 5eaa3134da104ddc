import { createHash } from "node:crypto";
import { join } from "node:path";
import type { DemoSubject } from "../subjects.js";

/** The environment whose flags the relay evaluates for web pages. */
const WEB_ENVIRONMENT = "shop";

const TOKEN = "srt_demo";
const FLAGS = ["checkout-button", "new-checkout", "hero-banner", "free-shipping-minimum"];
const PAUSE_MS = 400;

/** Eppo's flags, evaluated by the relay, which logs exposures to a file. */
export function webEnvironment(baseUrl: string, folder: string): object {
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  return {
    name: WEB_ENVIRONMENT,
    dialect: "eppo",
    source: { apiKey: { env: "EPPO_KEY" }, baseUrl },
    evaluate: true,
    tokens: [{ name: "web", sha256, scopes: ["evaluate"] }],
    loggers: [{ type: "ndjson", path: join(folder, "exposures.ndjson") }],
  };
}

/**
 * Evaluates a flag for one visitor after another with OpenFeature's remote evaluation protocol.
 *
 * @param url - of the relay.
 * @returns a function that stops it.
 */
export function openWebPages(url: string, visitors: readonly DemoSubject[]): () => void {
  let visits = 0;
  const timer = setInterval(() => {
    const visitor = visitors[visits % visitors.length];
    const flag = FLAGS[visits % FLAGS.length];
    visits += 1;
    if (visitor === undefined) return;
    void fetch(`${url}/${WEB_ENVIRONMENT}/ofrep/v1/evaluate/flags/${flag}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({
        context: { ...visitor.subjectAttributes, targetingKey: visitor.subjectKey },
      }),
    }).catch(() => {}); // fails when the relay stops
  }, PAUSE_MS);
  return () => clearInterval(timer);
}
