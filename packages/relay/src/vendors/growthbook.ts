import { inPath } from "../access/credentials.js";
import { COMMENTS, flagsReply, flagsWire, type Route, type StreamWire } from "./route.js";

/** Tells SDKs with remote evaluation to ask again. */
const UPDATED: StreamWire = {
  idOf: ({ revision }) => revision,
  eventOf: ({ revision }) => Buffer.from(`event: features-updated\nid: ${revision}\ndata: {}\n\n`),
  ...COMMENTS,
  spreadMs: 2_000,
  beginsSilently: true,
};

/** What GrowthBook's SDKs request, and its webhook for proxies. */
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
    signature: ({ header }) => header("x-growthbook-signature") ?? null,
  },
];
