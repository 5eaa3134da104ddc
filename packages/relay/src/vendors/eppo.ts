import { inQuery } from "../access/credentials.js";
import { flagsReply, type Route } from "./route.js";

const BANDITS = "bandits";

/** What Eppo's SDKs request. */
export const EPPO_ROUTES: readonly Route[] = [
  {
    kind: "part",
    dialect: "eppo",
    template: "/flag-config/v1/config",
    credential: inQuery("apiKey"),
    needs: "configuration",
    reply: (_, answers) => flagsReply(answers),
  },
  {
    kind: "part",
    dialect: "eppo",
    template: "/flag-config/v1/bandits",
    credential: inQuery("apiKey"),
    needs: "configuration",
    // SDKs request models that flags refer to: without them, they are still on their way.
    reply(_, { parts }) {
      const part = parts.get(BANDITS);
      return part === undefined ? { kind: "not-yet" } : { kind: "part", part };
    },
  },
];
