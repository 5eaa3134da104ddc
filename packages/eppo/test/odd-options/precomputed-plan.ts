import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { createPrecomputedClient } from "@sortition/core/precomputed";
import type { OddCall, OddOptionsSuite, OddSide } from "@sortition/dialect-kit/odd-options";
import { comparable } from "../events.js";
import { BANDITS, FLAGS } from "./getters-plan.js";

const sdk = createRequire(import.meta.url).resolve("@eppo/node-server-sdk");
const common = createRequire(sdk).resolve("@eppo/js-client-sdk-common");
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
/** Without attributes, because only our bandit events contain them. */
const SUBJECT = {};

/** The vendor's store, with the methods that fill it. */
interface Store {
  salt?: string;
  setEntries(entries: object): Promise<boolean>;
  setFormat(format: string): void;
}

type Getters = Readonly<Record<string, (...given: unknown[]) => unknown>>;
interface Loggers {
  setAssignmentLogger(logger: object): void;
  setBanditLogger(logger: object): void;
}

const vendor = createRequire(sdk)("@eppo/js-client-sdk-common") as {
  readonly EppoPrecomputedClient: new (options: object) => Getters & Loggers;
  readonly MemoryOnlyConfigurationStore: new () => Store;
};

const PRECOMPUTED = createClient({
  dialect: eppo(),
  initialConfiguration: Configuration.from({
    dialect: eppo(),
    payloads: { flags: FLAGS, bandits: BANDITS },
  }),
  diagnostics: SILENT,
}).getPrecomputedConfiguration("alice", SUBJECT, { "shoe-offer": ["nike", "adidas"] }, "salt");

interface Response {
  readonly flags: object;
  readonly bandits: object;
  readonly salt: string;
}

function responseOf(text: string): Response {
  const { precomputed } = JSON.parse(text) as { precomputed: { response: string } };
  return JSON.parse(precomputed.response) as Response;
}

async function storeOf(entries: object, salt: string): Promise<Store> {
  const store = new vendor.MemoryOnlyConfigurationStore();
  store.salt = salt;
  store.setFormat("PRECOMPUTED");
  await store.setEntries(entries);
  return store;
}

/** Removes empty members of an event, which are `null` in one package and absent in the other. */
function contentOf(event: unknown): object {
  const members = Object.entries(comparable(event) as object);
  return Object.fromEntries(members.filter(([, value]) => value !== null && value !== undefined));
}

const theirs =
  (method: string): OddSide =>
  async (given) => {
    const { bandits, flags, salt } = responseOf(PRECOMPUTED);
    const client = new vendor.EppoPrecomputedClient({
      precomputedFlagStore: await storeOf(flags, salt),
      precomputedBanditStore: await storeOf(bandits, salt),
      subject: { subjectKey: "alice", subjectAttributes: SUBJECT },
    });
    const events: unknown[] = [];
    client.setAssignmentLogger({ logAssignment: (event: unknown) => void events.push(event) });
    client.setBanditLogger({ logBanditAction: (event: unknown) => void events.push(event) });
    return { result: client[method]?.(...given), events: events.map(contentOf) };
  };

const ours =
  (method: string): OddSide =>
  (given) => {
    const events: unknown[] = [];
    const client = createPrecomputedClient({
      precomputedConfiguration: PRECOMPUTED,
      assignmentLogger: {
        logAssignment: (event) => void events.push(event),
        logBanditAction: ({ banditKey: bandit, flagKey: featureFlag, ...event }) =>
          void events.push({ ...event, bandit, featureFlag }),
      },
      diagnostics: SILENT,
    });
    const getters = client as unknown as Getters;
    return { result: getters[method]?.(...given), events: events.map(contentOf) };
  };

const callOf = (method: string, flag: string, fallback: unknown): OddCall => ({
  callee: `EppoPrecomputedClient#${method}`,
  valid: () => [flag, structuredClone(fallback)],
  theirs: theirs(method),
  ours: ours(method),
});

/** Tries the getters of the client for precomputed results. */
export const PRECOMPUTED_SUITE: OddOptionsSuite = {
  declarations: common.replace(/\.js$/, ".d.ts"),
  isVendorFile: (path) => path.includes("/@eppo/"),
  page: fileURLToPath(new URL("../../../../docs/vendors/eppo.md", import.meta.url)),
  calls: [
    callOf("getStringAssignment", "test-checkout", "standard"),
    callOf("getBooleanAssignment", "new-ui", false),
    callOf("getIntegerAssignment", "column-count", 1),
    callOf("getNumericAssignment", "free-delivery-from", 1.5),
    callOf("getJSONAssignment", "spring-campaign", { a: 1 }),
    callOf("getBanditAction", "shoe-offer", "none"),
  ],
  differences: [],
};
