import { createRequire } from "node:module";
import type { IAssignmentEvent, init } from "@eppo/node-server-sdk";
import type { Call, Override } from "./calls.js";
import type { Profile } from "./configurations.js";
import { runCall } from "./getters.js";
import type { Outcome } from "./outcome.js";

/** The vendor's client. */
export type VendorClient = Awaited<ReturnType<typeof init>>;

/** The vendor's own configuration store, which we do not inspect. */
type Store = object;

/** The parts of the vendor's engine that we use. Its Node SDK does not export them. */
interface VendorEngine {
  readonly EppoClient: new (options: {
    readonly flagConfigurationStore: Store;
    readonly banditVariationConfigurationStore?: Store;
    readonly banditModelConfigurationStore?: Store;
  }) => VendorClient;
  readonly MemoryOnlyConfigurationStore: new () => Store;
  readonly FlagConfigRequestor: new (
    httpClient: {
      getUniversalFlagConfiguration(): Promise<unknown>;
      getBanditParameters?(): Promise<unknown>;
    },
    flags: Store,
    banditVariations: Store | null,
    banditModels: Store | null,
  ) => { fetchAndStoreConfigurations(): Promise<void> };
  readonly applicationLogger: { level: string };
}

/** The vendor's engine, without its log output. */
export const engine: VendorEngine = loadEngine();

function loadEngine(): VendorEngine {
  const sdk = createRequire(import.meta.url).resolve("@eppo/node-server-sdk");
  const loaded = createRequire(sdk)("@eppo/js-client-sdk-common") as VendorEngine; // according to its types
  loaded.applicationLogger.level = "silent";
  return loaded;
}

/** The vendor's client with the vendor's own loader, and its logged events. */
export class Vendor {
  readonly #store: Store = new engine.MemoryOnlyConfigurationStore();
  readonly #client: VendorClient;
  readonly #events: IAssignmentEvent[] = [];

  constructor({ isGraceful }: Profile) {
    this.#client = new engine.EppoClient({ flagConfigurationStore: this.#store });
    this.#client.setIsGracefulFailureMode(isGraceful);
    this.#client.setAssignmentLogger({ logAssignment: (event) => void this.#events.push(event) });
  }

  /** Loads a body as if the server had sent it. */
  async load(text: string): Promise<void> {
    const server = {
      getUniversalFlagConfiguration: async (): Promise<unknown> => JSON.parse(text),
    };
    const requestor = new engine.FlagConfigRequestor(server, this.#store, null, null);
    await requestor.fetchAndStoreConfigurations();
  }

  run(call: Call): Outcome {
    const client = (): VendorClient =>
      call.overrides === null ? this.#client : withOverrides(this.#client, call.overrides);
    return silently(() => runCall(client, call, () => this.#events.splice(0)));
  }
}

function withOverrides(
  client: VendorClient,
  overrides: Readonly<Record<string, Override>>,
): VendorClient {
  // Its types allow only documented values, but it checks none.
  return client.withOverrides(overrides as Parameters<VendorClient["withOverrides"]>[0]);
}

/** Suppresses the error output of the vendor's evaluator. */
export function silently<T>(run: () => T): T {
  const { error } = console;
  console.error = () => {};
  try {
    return run();
  } finally {
    console.error = error;
  }
}
