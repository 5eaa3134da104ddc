import { type CredentialParts, inPath } from "../access/credentials.js";
import {
  COMMENTS,
  flagsReply,
  flagsWire,
  type Route,
  type StreamWire,
  type WebhookSignature,
} from "./route.js";

/** Tells SDKs with remote evaluation to fetch their features again. */
const UPDATED: StreamWire = {
  idOf: ({ revision }) => revision,
  eventOf: ({ revision }) => Buffer.from(`event: features-updated\nid: ${revision}\ndata: {}\n\n`),
  ...COMMENTS,
  spreadMs: 2_000,
  beginsSilently: true,
};

/** Routes that GrowthBook's SDKs request, and GrowthBook's webhook for proxies. */
export const GROWTHBOOK_ROUTES: readonly Route[] = [
  {
    kind: "part",
    dialect: "growthbook",
    template: "/api/features/:key",
    credential: inPath("key"),
    needs: "configuration",
    elsewhere: "remote-eval",
    reply: (_, answers) => flagsReply(answers, { "x-sse-support": "enabled" }),
  },
  {
    kind: "stream",
    dialect: "growthbook",
    template: "/sub/:key",
    credential: inPath("key"),
    wires: [
      { needs: "configuration", wire: flagsWire("features", COMMENTS) },
      { needs: "remote-eval", wire: UPDATED },
    ],
  },
  {
    kind: "webhook",
    dialect: "growthbook",
    template: "/proxy/features",
    signature: signatureOf,
  },
];

/** GrowthBook signs the id, time and body of SDK webhooks (Standard Webhooks), but only the body of its proxy webhooks. */
function signatureOf({ header }: CredentialParts): WebhookSignature | null {
  const list = header("webhook-signature");
  if (list !== undefined) {
    const [id, timestamp] = [header("webhook-id") ?? "", header("webhook-timestamp") ?? ""];
    const digests = list.split(" ").filter((it) => it.startsWith(VERSION));
    return {
      prefix: `${id}.${timestamp}.`,
      digests: digests.map((it) => Buffer.from(it.slice(VERSION.length), "base64")),
      sentAtMs: /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1_000 : Number.NaN,
    };
  }
  const digest = header("x-growthbook-signature");
  if (digest === undefined) return null;
  return { prefix: "", digests: [Buffer.from(digest, "hex")], sentAtMs: null };
}

const VERSION = "v1,";
