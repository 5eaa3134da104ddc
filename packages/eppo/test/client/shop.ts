import { readFileSync } from "node:fs";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { expect } from "vitest";
import type { EppoClient, IAssignmentEvent, IBanditEvent, IClientConfig } from "../../src/index.js";
import { comparable } from "../events.js";
import { type NamedSdk, OURS, VENDOR } from "../sdks.js";

const folder = new URL("../../../../apps/examples/", import.meta.url);

function read(file: string): string {
  return readFileSync(new URL(file, folder), "utf8");
}

/** Serves the flags of the examples. The key `shoes` gets those with a bandit. */
export function startServer(): Promise<TestServer> {
  const [flags, shoes, models] = [
    read("flags.json"),
    read("shoes.json"),
    read("shoe-bandits.json"),
  ];
  return startTestServer(({ path, query }) => {
    if (path.endsWith("/bandits")) return { kind: "answer", body: models };
    return { kind: "answer", body: query.get("apiKey") === "shoes" ? shoes : flags };
  });
}

/** A client, its logged events, and the warnings of our package. */
export interface Shop {
  readonly client: EppoClient;
  readonly assignments: IAssignmentEvent[];
  readonly choices: IBanditEvent[];
  readonly warnings: string[];
}

/** Opens a client that has fetched and does not poll. */
export async function openShop(
  { name, sdk }: NamedSdk,
  server: TestServer,
  config: Partial<IClientConfig> = {},
): Promise<Shop> {
  const assignments: IAssignmentEvent[] = [];
  const choices: IBanditEvent[] = [];
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const diagnostics = { debug() {}, info() {}, warn, error: warn };
  const client = await sdk.init({
    apiKey: "key",
    baseUrl: `${server.url}/api`,
    assignmentLogger: { logAssignment: (event) => void assignments.push(event) },
    banditLogger: { logBanditAction: (event) => void choices.push(event) },
    ...(name === "ours" ? { diagnostics } : {}),
    ...config,
  });
  client.stopPolling();
  return { client, assignments, choices, warnings };
}

/** Plays the same with both packages, and expects the same results and events. Returns the vendor's result. */
export async function withBoth<T>(
  server: TestServer,
  happens: (shop: Shop, sdk: NamedSdk) => T | Promise<T>,
  config: Partial<IClientConfig> = {},
): Promise<T> {
  const play = async (sdk: NamedSdk) => {
    const shop = await openShop(sdk, server, config);
    const result = await happens(shop, sdk);
    const { assignments, choices } = shop;
    return { result, seen: comparable({ result, assignments, choices }) };
  };
  const vendor = await play(VENDOR);
  expect((await play(OURS)).seen).toEqual(vendor.seen);
  return vendor.result;
}
