import { inAuthorization } from "../access/credentials.js";
import { flagsReply, type PartRoute, type Route } from "./route.js";

/** Newer SDKs request the first one, older SDKs the second one. */
const DEFINITIONS = ["/flags/definitions", "/api/feature_flag/local_evaluation"];

/** Routes that PostHog's SDKs request for local evaluation. */
export const POSTHOG_ROUTES: readonly Route[] = DEFINITIONS.map(
  (template): PartRoute => ({
    kind: "part",
    dialect: "posthog",
    template,
    credential: inAuthorization("Bearer"),
    needs: "configuration",
    // A personal key often reads several projects, so the vendor selects the project by this key.
    isForeign({ query }, { projectApiKey }) {
      const requested = query("token");
      if (requested === undefined || typeof projectApiKey !== "string") return false;
      return requested.trim() !== projectApiKey.trim();
    },
    reply: (_, answers) => flagsReply(answers),
  }),
);
