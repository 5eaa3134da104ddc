import { LocalEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import { type FlagConfig, LocalEvaluationClient } from "@sortition/amplitude";
import { amplitude, cohortPart } from "@sortition/amplitude/dialect";
import { type Client, Configuration, createClient, type Diagnostics } from "@sortition/core/client";
import type { CohortBody, FlagBody } from "./workload.js";

/** A subject with attributes, and the same as a user. */
export interface Visitor {
  readonly key: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly user: { user_id: string; user_properties: Record<string, string> };
}

/** What is loaded. */
export interface Content {
  readonly flags: readonly FlagBody[];
  readonly cohort?: CohortBody;
}

/** One of the compared clients. */
export interface Peer {
  readonly name: string;
  /** Returns the value of a flag; `undefined` without one. */
  create(content: Content): Promise<(flagKey: string, visitor: Visitor) => string | undefined>;
  /** Evaluates all flags, and returns the number of those that are on. */
  createForAll(content: Content): Promise<(visitor: Visitor) => number>;
}

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
const QUIET = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const NOTHING = "nothing";

/** Our native client. */
export const native: Peer = {
  name: "sortition",
  async create(content) {
    const client = nativeClient(content);
    return (flagKey, { attributes, key }) => {
      const value = client.getStringAssignment(flagKey, key, attributes, NOTHING);
      return value === NOTHING ? undefined : value;
    };
  },
  async createForAll(content) {
    const client = nativeClient(content);
    const keys = content.flags.map(({ key }) => key);
    return ({ attributes, key }) => {
      let on = 0;
      for (const flagKey of keys) {
        if (client.getStringAssignment(flagKey, key, attributes, NOTHING) === "on") on += 1;
      }
      return on;
    };
  },
};

/** Our drop-in. */
export const facade: Peer = evaluating("sortition, drop-in", (flags, cohort) => {
  const client = new LocalEvaluationClient("bench", {
    bootstrap: flags as Record<string, FlagConfig>,
    loggerProvider: QUIET,
  });
  if (cohort !== undefined) client.cohortStorage.put(withSet(cohort));
  return client;
});

/** The vendor's. */
export const vendor: Peer = evaluating("@amplitude/experiment-node-server", (flags, cohort) => {
  const client = new VendorClient("bench", { bootstrap: flags, loggerProvider: QUIET });
  if (cohort !== undefined) client.cohortStorage.put(withSet(cohort));
  return client;
});

/** What both clients of the vendor's shape have. */
interface Evaluating {
  evaluateV2(user: object, flagKeys?: string[]): Record<string, { value?: string | undefined }>;
}

function evaluating(
  name: string,
  open: (flags: Record<string, Record<string, unknown>>, cohort?: CohortBody) => Evaluating,
): Peer {
  const opened = ({ cohort, flags }: Content): Evaluating =>
    open(Object.fromEntries(flags.map((flag) => [flag.key, { ...flag }])), cohort);
  return {
    name,
    async create(content) {
      const client = opened(content);
      return (flagKey, { user }) => client.evaluateV2(user, [flagKey])[flagKey]?.value;
    },
    async createForAll(content) {
      const client = opened(content);
      return ({ user }) => {
        let on = 0;
        for (const { value } of Object.values(client.evaluateV2(user))) if (value === "on") on += 1;
        return on;
      };
    },
  };
}

function nativeClient(content: Content): Client {
  const dialect = amplitude();
  const initialConfiguration = configurationOf(content);
  return createClient({ dialect, initialConfiguration, diagnostics: SILENT });
}

/** Compiles with a dialect of its own. */
function configurationOf({ cohort, flags }: Content): Configuration {
  const payloads = {
    flags: JSON.stringify(flags),
    ...(cohort === undefined ? {} : { [cohortPart(cohort.cohortId)]: JSON.stringify(cohort) }),
  };
  return Configuration.from({ dialect: amplitude(), payloads });
}

function withSet({ memberIds, ...facts }: CohortBody) {
  return { ...facts, memberIds: new Set(memberIds) };
}
