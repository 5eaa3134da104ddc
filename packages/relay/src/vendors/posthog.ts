import { inAuthorization } from "../access/credentials.js";
import { flagsReply, type PartRoute, type Route } from "./route.js";

/** Newer SDKs request the first, older ones the last. */
const DEFINITIONS = [
  "/flags/definitions",
  "/flags/definitions/",
  "/api/feature_flag/local_evaluation",
  "/api/feature_flag/local_evaluation/",
];

/** What PostHog's SDKs request for local evaluation. */
export const POSTHOG_ROUTES: readonly Route[] = DEFINITIONS.map(
  (template): PartRoute => ({
    kind: "part",
    dialect: "posthog",
    template,
    credential: inAuthorization("Bearer"),
    needs: "configuration",
    // The vendor chooses the project by this key, since a personal key often reads several.
    isForeign({ query }, { projectApiKey }) {
      const requested = query("token");
      if (requested === undefined || typeof projectApiKey !== "string") return false;
      return requested.trim() !== projectApiKey.trim();
    },
    reply: (_, answers) => flagsReply(answers),
  }),
);
