import { runAtOnce } from "@sortition/core/dialect";
import { eppoAddresses } from "@sortition/core/eppo";
import { inQuery } from "../access/credentials.js";
import { type AnswerSet, answerOf } from "../environment/answers.js";
import { flagsReply, type Route } from "./route.js";

const BANDITS = "bandits";
const ADDRESSES = eppoAddresses();
/** The vendor's response if there are no models. Some SDKs request models even if no flag refers to one. */
const NO_MODELS = answerOf({ bytes: Buffer.from('{"bandits":{}}'), etag: null });

/** Routes that Eppo's SDKs request. */
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
    reply(_, answers) {
      const part = answers.parts.get(BANDITS);
      if (part !== undefined) return { kind: "part", part };
      return refersToModels(answers) ? { kind: "not-yet" } : { kind: "part", part: NO_MODELS };
    },
  },
];

/** Whether flags refer to models, for answers without models. Kept because finding out takes as long as parsing the flags. */
const known = new WeakMap<AnswerSet, boolean>();

function refersToModels(answers: AnswerSet): boolean {
  const held = known.get(answers);
  if (held !== undefined) return held;
  const endpoint = ADDRESSES.endpoints.find(({ part }) => part === BANDITS);
  const needed = endpoint?.isNeeded(answers.payloads) ?? false;
  const refers = typeof needed === "boolean" ? needed : runAtOnce(needed);
  known.set(answers, refers);
  return refers;
}
