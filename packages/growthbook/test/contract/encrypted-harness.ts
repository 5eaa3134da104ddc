import type { DialectHarness } from "@sortition/dialect-kit/dialect-contract";
import { growthbook } from "../../src/dialect.js";
import { DECRYPTION_KEY, encrypted } from "../encryption.js";
import { HARNESS } from "./harness.js";

const PARTS = /^\{"features":(.*),"savedGroups":(.*),"dateUpdated":"[^"]*"\}$/s;

/** The same payload with encrypted features and saved groups. */
export const ENCRYPTED: DialectHarness = {
  ...HARNESS,
  name: "growthbook, encrypted",
  createDialect: (options) => growthbook({ ...options, decryptionKey: DECRYPTION_KEY }),
  async encode(_, text) {
    // Split with a pattern, because mutated data may nest too deeply for `JSON.stringify`.
    const [, features = text, savedGroups = "{}"] = PARTS.exec(text) ?? [];
    const payload = {
      encryptedFeatures: await encrypted(features),
      encryptedSavedGroups: await encrypted(savedGroups),
    };
    return new TextEncoder().encode(JSON.stringify(payload));
  },
  confidential: ["ultramarine", "checkout-test", "alice"],
};
