import { cohortPart } from "@sortition/amplitude/dialect";
import { asPassword, inAuthorization } from "../access/credentials.js";
import { encodeEvent, flagsReply, type Route } from "./route.js";

/** The sign of life that the vendor's SDKs wait 17 s for: an event whose data is a blank. Comments do not count. */
const BLANK = Buffer.from("data:  \n\n");
const BLANK_MS = 10_000;

/** What Amplitude Experiment's SDKs request for local evaluation. */
export const AMPLITUDE_ROUTES: readonly Route[] = [
  {
    kind: "part",
    dialect: "amplitude",
    template: "/sdk/v2/flags",
    credential: inAuthorization("Api-Key"),
    needs: "configuration",
    reply: (_, answers) => flagsReply(answers),
  },
  {
    kind: "stream",
    dialect: "amplitude",
    template: "/sdk/stream/v1/flags",
    credential: inAuthorization("Api-Key"),
    needs: "configuration",
    wire: {
      eventOf: (answer) => encodeEvent(null, answer),
      keepAlive: BLANK,
      keepAliveMs: BLANK_MS,
    },
  },
  {
    kind: "part",
    dialect: "amplitude",
    template: "/sdk/v1/cohort/:id",
    credential: asPassword,
    needs: "cohorts",
    reply({ param, query }, { parts }) {
      const part = parts.get(cohortPart(param("id") ?? ""));
      if (part === undefined) return { kind: "not-found" };
      const { vendorTag } = part;
      if (vendorTag !== null && query("lastModified") === vendorTag) return { kind: "no-content" };
      return sizeOf(part.bytes) > Number(query("maxCohortSize") ?? Number.POSITIVE_INFINITY)
        ? { kind: "too-large" }
        : { kind: "part", part };
    },
  },
];

/** Nothing behind these bytes is looked at for the size. */
const HEAD_BYTES = 4_096;

/** The number of members that a cohort says it has; 0 if it is not near the beginning. */
function sizeOf(bytes: Uint8Array): number {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(HEAD_BYTES, bytes.length));
  const [, digits = "0"] = /[{,\s]"size"\s*:\s*(\d+)/.exec(head.toString("latin1")) ?? [];
  return Number(digits);
}
