import { createHash } from "node:crypto";
import {
  deserializePoll,
  init,
  type LDClient,
  type LDContext,
  type LDEvaluationDetail,
} from "@launchdarkly/node-server-sdk";
import type { BigSegmentMemberships } from "../../src/dialect.js";
import type { Outcome } from "../ours.js";

export type GetterType = "boolean" | "numeric" | "string" | null;

/** Receives the data of a payload. */
interface Updates {
  init(data: object, done: () => void): void;
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** The vendor's client, whose payload can be replaced. It sends no requests. */
export class Vendor {
  #updates: Updates | null = null;
  readonly #client: LDClient;

  constructor() {
    const process = (start: () => void) => ({ start, stop() {}, close() {} });
    this.#client = init("sdk-key", {
      sendEvents: false,
      diagnosticOptOut: true,
      logger: SILENT,
      updateProcessor: (_: object, updates: unknown, isReady: () => void) =>
        process(() => {
          this.#updates = updates as Updates;
          this.#updates.init({ features: {}, segments: {} }, isReady);
        }),
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
  async load(text: string): Promise<boolean> {
    let data: ReturnType<typeof deserializePoll>;
    try {
      data = deserializePoll(text);
    } catch {
      return false;
    }
    await new Promise<void>((resolve) => {
      this.#updates?.init({ features: data?.flags, segments: data?.segments }, resolve);
    });
    return true;
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
