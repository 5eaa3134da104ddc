import { inPath } from "../access/credentials.js";
import { encodeEvent, flagsReply, type Route } from "./route.js";

const COMMENT = Buffer.from(": alive\n\n");
const COMMENT_MS = 15_000;

/** What GrowthBook's SDKs request, and its webhook for proxies. */
export const GROWTHBOOK_ROUTES: readonly Route[] = [
  {
    kind: "part",
    dialect: "growthbook",
    template: "/api/features/:key",
    credential: inPath("key"),
    needs: "configuration",
    reply: (_, answers) => flagsReply(answers, { "x-sse-support": "enabled" }),
  },
  {
    kind: "stream",
    dialect: "growthbook",
    template: "/sub/:key",
    credential: inPath("key"),
    needs: "configuration",
    wire: {
      eventOf: (answer) => encodeEvent("features", answer),
      keepAlive: COMMENT,
      keepAliveMs: COMMENT_MS,
    },
  },
  {
    kind: "webhook",
    dialect: "growthbook",
    template: "/proxy/features",
    signature: ({ header }) => header("x-growthbook-signature") ?? null,
  },
];
