import { createHash } from "node:crypto";
import {
  deserializePoll,
  init,
  type LDClient,
  type LDContext,
  type LDEvaluationDetail,
  type LDFeatureStore,
} from "@launchdarkly/node-server-sdk";
import type { BigSegmentMemberships } from "../../src/dialect.js";
import type { Outcome } from "../ours.js";

export type GetterType = "boolean" | "numeric" | "string" | null;

type Items = Readonly<Record<string, { readonly deleted?: unknown } | null>>;

/**
 * Keeps a payload as the SDK's own store does. The SDK's own data source also computes dependencies, whose errors for
 * malformed flags are unhandled rejections.
 */
class Store {
  items: Readonly<Record<string, Items | undefined>> = {};

  get({ namespace }: { readonly namespace: string }, key: string, done: (item: unknown) => void) {
    const items = this.items[namespace];
    const item = items !== undefined && Object.hasOwn(items, key) ? items[key] : null;
    done(item && !item.deleted ? item : null);
  }

  initialized(done: (isInitialized: boolean) => void): void {
    done(true);
  }

  init(_: object, done: () => void): void {
    done();
  }

  all(): void {}
  delete(): void {}
  upsert(): void {}
  close(): void {}
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** The vendor's client, whose payload can be replaced. It sends no requests. */
export class Vendor {
  readonly #store = new Store();
  readonly #client: LDClient;

  constructor() {
    const store = this.#store as unknown as LDFeatureStore; // only reads are needed
    this.#client = init("sdk-key", {
      sendEvents: false,
      diagnosticOptOut: true,
      logger: SILENT,
      featureStore: store,
      updateProcessor: (_: object, __: object, isReady: () => void) => {
        return { start: isReady, stop() {}, close() {} };
      },
      bigSegments: {
        store: () => ({
          getMetadata: async () => ({ lastUpToDate: Date.now() }),
          getUserMembership: async (hash) => membershipsOf(hash) ?? undefined,
          close() {},
        }),
      },
    });
  }

  async start(): Promise<void> {
    await this.#client.waitForInitialization({ timeout: 10 });
  }

  /** Returns whether the vendor's SDK accepts the payload. */
  load(text: string): boolean {
    try {
      const { flags, segments } = deserializePoll(text) ?? {};
      this.#store.items = {
        features: flags as unknown as Items,
        segments: segments as unknown as Items,
      };
      return true;
    } catch {
      return false;
    }
  }

  async evaluate(
    flagKey: string,
    context: unknown,
    defaultValue: unknown,
    type: GetterType,
  ): Promise<Outcome | { readonly throws: true }> {
    try {
      const detail = await this.#detail(flagKey, context as LDContext, defaultValue, type);
      const { reason, value, variationIndex = null } = detail;
      return { value, variationIndex, reason: JSON.parse(JSON.stringify(reason)) };
    } catch {
      return { throws: true };
    }
  }

  close(): void {
    this.#client.close();
  }

  #detail(
    key: string,
    context: LDContext,
    defaultValue: unknown,
    type: GetterType,
  ): Promise<LDEvaluationDetail> {
    const client = this.#client;
    switch (type) {
      case "boolean":
        return client.boolVariationDetail(key, context, defaultValue as boolean);
      case "numeric":
        return client.numberVariationDetail(key, context, defaultValue as number);
      case "string":
        return client.stringVariationDetail(key, context, defaultValue as string);
      default:
        return client.variationDetail(key, context, defaultValue);
    }
  }
}

/** Half of the keys have memberships, which depend on the hash. */
export function membershipsOf(hash: string): BigSegmentMemberships | null {
  const byte = createHash("md5").update(hash).digest()[0] as number; // 16 bytes
  if (byte % 2 === 0) return null;
  return { "big.g1": byte % 4 === 1, "bigOfOrgs.g2": byte % 8 < 4 };
}
