import { Statsig, StatsigUser } from "@statsig/statsig-node-core";
import { StatsigServer } from "statsig-node";
import type { StatsigUser as User } from "../src/dialect.js";
import type { Kind, Result, Sdk } from "./ours.js";

/** One of the vendor's SDKs with a payload. It sends no requests. */
export interface Vendor {
  evaluate(kind: Kind, name: string, user: User): Result;
  close(): Promise<void>;
}

export async function vendorOf(sdk: Sdk, payload: object): Promise<Vendor> {
  return await (sdk === "core" ? coreVendor(payload) : legacyVendor(payload));
}

const QUIET = { disableExposureLogging: true };

async function coreVendor(payload: object): Promise<Vendor> {
  const text = JSON.stringify(payload);
  const client = new Statsig("secret-local", {
    ...{ disableNetwork: true, disableAllLogging: true, outputLogLevel: "none" },
    ...{ waitForUserAgentInit: true, waitForCountryLookupInit: true },
    specAdaptersConfig: [{ adapterType: "data_store", initTimeoutMs: 60_000 }],
    dataStore: {
      initialize: async () => {},
      shutdown: async () => {},
      get: async (key: string) => (key.includes("id_list") ? {} : { result: text, time: 1 }),
      set: async () => {},
      supportPollingUpdatesFor: async () => false,
    },
  } as ConstructorParameters<typeof Statsig>[1]);
  await client.initialize();
  return {
    evaluate(kind, name, given) {
      const user = new StatsigUser(given as ConstructorParameters<typeof StatsigUser>[0]);
      const nothing = { groupName: null, allocatedExperimentName: null };
      if (kind === "gate") {
        const { ruleID, value } = client.getFeatureGate(user, name, QUIET);
        return { ...nothing, value, ruleID };
      }
      if (kind === "config") {
        const { groupName, ruleID, value } = client.getExperiment(user, name, QUIET);
        return { ...nothing, value, ruleID, groupName };
      }
      const layer = client.getLayer(user, name, QUIET);
      const { allocatedExperimentName, groupName, ruleID, __value: value } = layer;
      return { value, ruleID, groupName, allocatedExperimentName };
    },
    close: async () => void (await client.shutdown()),
  };
}

async function legacyVendor(payload: object): Promise<Vendor> {
  const server = new StatsigServer("secret-local", {
    ...{ localMode: true, disableDiagnostics: true, disableRulesetsSync: true },
    ...{ disableIdListsSync: true, initStrategyForIDLists: "none" },
    bootstrapValues: JSON.stringify(payload),
  });
  await server.initializeAsync();
  return {
    evaluate(kind, name, given) {
      const user = structuredClone(given) as Parameters<StatsigServer["checkGate"]>[0];
      if (kind === "gate") {
        const gate = server.getFeatureGate(user, name, QUIET);
        const nothing = { groupName: null, allocatedExperimentName: null };
        return { ...nothing, value: gate.value, ruleID: gate.ruleID };
      }
      if (kind === "config") {
        const config = server.getExperiment(user, name, QUIET);
        const [ruleID, groupName] = [config.getRuleID(), config.getGroupName()];
        return { value: config.value, ruleID, groupName, allocatedExperimentName: null };
      }
      const layer = server.getLayer(user, name, QUIET);
      return {
        value: (layer as unknown as { readonly _value: unknown })._value, // a private member
        ruleID: layer.getRuleID(),
        groupName: layer.getGroupName(),
        allocatedExperimentName: layer.getAllocatedExperimentName(),
      };
    },
    close: async () => await server.shutdownAsync(),
  };
}
