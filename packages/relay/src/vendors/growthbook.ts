import { inPath } from "../access/credentials.js";
import { COMMENTS, flagsReply, flagsWire, type Route } from "./route.js";

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
    wire: flagsWire("features", COMMENTS),
  },
  {
    kind: "webhook",
    dialect: "growthbook",
    template: "/proxy/features",
    signature: ({ header }) => header("x-growthbook-signature") ?? null,
  },
];
