import { cohortPart } from "@sortition/amplitude/dialect";
import { asPassword, inAuthorization } from "../access/credentials.js";
import { flagsReply, flagsWire, type Route } from "./route.js";

/** A keep-alive event whose data is a blank. The vendor's SDKs reconnect after 17 s without an event, and ignore comments. */
const BLANK = Buffer.from("data:  \n\n");
const BLANK_MS = 10_000;

/** Routes that Amplitude Experiment's SDKs request for local evaluation. */
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
    wires: [
      {
        needs: "configuration",
        wire: flagsWire(null, { keepAlive: BLANK, keepAliveMs: BLANK_MS }),
      },
    ],
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

/** The size is only looked for in this many bytes. */
const HEAD_BYTES = 4_096;

/** Returns the `size` of a cohort, or 0 if its first bytes do not contain it. */
function sizeOf(bytes: Uint8Array): number {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(HEAD_BYTES, bytes.length));
  const [, digits = "0"] = /[{,\s]"size"\s*:\s*(\d+)/.exec(head.toString("latin1")) ?? [];
  return Number(digits);
}
