import { createRequire } from "node:module";
import type { IAssignmentEvent, init } from "@eppo/node-server-sdk";
import type { Vendor } from "../answers.js";
import { DEFAULTS } from "../program.js";

type VendorClient = Awaited<ReturnType<typeof init>>;

/** The parts of the vendor's engine that we use. Its Node SDK does not export them. */
interface VendorEngine {
  readonly EppoClient: new (stores: { readonly flagConfigurationStore: object }) => VendorClient;
  readonly MemoryOnlyConfigurationStore: new () => object;
  readonly FlagConfigRequestor: new (
    httpClient: { getUniversalFlagConfiguration(): Promise<unknown> },
    flags: object,
    banditVariations: null,
    banditModels: null,
  ) => { fetchAndStoreConfigurations(): Promise<void> };
  readonly applicationLogger: { level: string };
}

const sdk = createRequire(import.meta.url).resolve("@eppo/node-server-sdk");
const engine = createRequire(sdk)("@eppo/js-client-sdk-common") as VendorEngine; // according to its types
engine.applicationLogger.level = "silent";

/** Evaluates with Eppo's own client. */
export async function eppoVendor(text: string): Promise<Vendor> {
  const store = new engine.MemoryOnlyConfigurationStore();
  const client = new engine.EppoClient({ flagConfigurationStore: store });
  let logged: IAssignmentEvent[] = [];
  client.setAssignmentLogger({ logAssignment: (event) => void logged.push(event) });
  const server = { getUniversalFlagConfiguration: async () => JSON.parse(text) };
  await new engine.FlagConfigRequestor(server, store, null, null).fetchAndStoreConfigurations();
  return {
    ask({ attributes, flagKey, subjectKey, type }) {
      logged = [];
      const subject = [flagKey, subjectKey, attributes] as const;
      const value = {
        boolean: () => client.getBooleanAssignment(...subject, DEFAULTS.boolean),
        string: () => client.getStringAssignment(...subject, DEFAULTS.string),
        integer: () => client.getIntegerAssignment(...subject, DEFAULTS.integer),
        number: () => client.getNumericAssignment(...subject, DEFAULTS.number),
        json: () => client.getJSONAssignment(...subject, DEFAULTS.json),
      }[type]();
      return { value, logged: logged[0]?.variation ?? null };
    },
  };
}
