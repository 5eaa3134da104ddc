import type { IAssignmentEvent, IBanditEvent } from "@eppo/node-server-sdk";
import { engine, silently, type VendorClient } from "../vendor.js";

/** The vendor's client with bandits and the vendor's own loader, and its logged events. */
export class BanditVendor {
  readonly client: VendorClient;
  readonly #events: (IAssignmentEvent | IBanditEvent)[] = [];
  readonly #stores = {
    flagConfigurationStore: new engine.MemoryOnlyConfigurationStore(),
    banditVariationConfigurationStore: new engine.MemoryOnlyConfigurationStore(),
    banditModelConfigurationStore: new engine.MemoryOnlyConfigurationStore(),
  };

  constructor(setUp: (client: VendorClient) => void = () => {}) {
    this.client = new engine.EppoClient(this.#stores);
    this.client.setAssignmentLogger({ logAssignment: (event) => void this.#events.push(event) });
    this.client.setBanditLogger({ logBanditAction: (event) => void this.#events.push(event) });
    setUp(this.client);
  }

  /** Loads bodies as if the server had sent them. */
  async load(flags: string, models: string): Promise<void> {
    const server = {
      getUniversalFlagConfiguration: async (): Promise<unknown> => JSON.parse(flags),
      getBanditParameters: async (): Promise<unknown> => JSON.parse(models),
    };
    const stores = this.#stores;
    const requestor = new engine.FlagConfigRequestor(
      server,
      stores.flagConfigurationStore,
      stores.banditVariationConfigurationStore,
      stores.banditModelConfigurationStore,
    );
    await requestor.fetchAndStoreConfigurations();
  }

  /** Makes a call, and suppresses the vendor's error output. */
  ask<T>(question: (client: VendorClient) => T): T {
    return silently(() => question(this.client));
  }

  /** Returns the events logged since the last call of this method, in order. */
  takeEvents(): (IAssignmentEvent | IBanditEvent)[] {
    return this.#events.splice(0);
  }
}
