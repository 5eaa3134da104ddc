import type { DialectHarness } from "@sortition/dialect-kit/dialect-contract";
import { growthbook } from "../../src/dialect.js";
import { DECRYPTION_KEY, encrypted } from "../encryption.js";
import { HARNESS } from "./harness.js";

const PARTS = /^\{"features":(.*),"savedGroups":(.*),"dateUpdated":"[^"]*"\}$/s;

/** The same payload with its features and saved groups encrypted. */
export const ENCRYPTED: DialectHarness = {
  ...HARNESS,
  name: "growthbook, encrypted",
  createDialect: (options) => growthbook({ ...options, decryptionKey: DECRYPTION_KEY }),
  async encode(_, text) {
    // Not parsed: what is mutated may nest deeper than `JSON.stringify` can go.
    const [, features = text, savedGroups = "{}"] = PARTS.exec(text) ?? [];
    const payload = {
      encryptedFeatures: await encrypted(features),
      encryptedSavedGroups: await encrypted(savedGroups),
    };
    return new TextEncoder().encode(JSON.stringify(payload));
  },
  confidential: ["ultramarine", "checkout-test", "alice"],
};
