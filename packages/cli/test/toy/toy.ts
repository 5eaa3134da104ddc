import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Configuration, createClient } from "@sortition/core";
import { toy } from "@sortition/dialect-kit/toy-dialect";
import { toyExplainer } from "@sortition/dialect-kit/toy-explainer";
import type { CliDialect } from "../../src/dialects/dialect.js";
import { optionalObjectField, stringField } from "../../src/evaluate/request.js";
import { plainSubject } from "../../src/judge/subject-row.js";

const key = await webcrypto.subtle.importKey("raw", Buffer.alloc(16, 1), "AES-GCM", false, [
  "encrypt",
  "decrypt",
]);

/** Encrypts flags in the format of the toy vendor's server. */
export async function encrypted(flags: readonly object[]): Promise<Buffer> {
  const iv = webcrypto.getRandomValues(new Uint8Array(12));
  const text = Buffer.from(JSON.stringify({ flags }));
  const data = await webcrypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text);
  return Buffer.concat([iv, new Uint8Array(data)]);
}

/** The toy vendor as a dialect of the command. All of its requests ask for a string. */
export const toyCliDialect: CliDialect = {
  name: "toy",
  flagsOf: ({ flag }) => [flag],
  options: [],
  help: [],
  explainer: toyExplainer,
  explain: {
    requestOf: ({ attributes, flag, subjectKey }) => ({
      request: { flag, subjectKey, attributes },
      type: "string",
    }),
    valueText: ({ value }) => String(value),
    extrasOf: () => ({ fields: {}, paragraphs: [] }),
  },
  inspectExtras: () => ({ summary: ["decrypted"] }),
  judge: {
    keyAttributes: [],
    askedType: null,
    attributesOf: (attributes) => attributes,
    answersHaveValues: true,
    hasDependencies: true,
    experiments: () => ({ names: [], flagsOf: () => [] }),
    subjectOf: plainSubject,
  },
  placeOf: () => null,
  reduce: null,
  async open({ configPath }) {
    const dialect = toy({ key, subtle: webcrypto.subtle });
    const payloads = { flags: await readFile(configPath) };
    const configuration = await Configuration.load({ dialect, payloads });
    const client = createClient({
      initialConfiguration: configuration,
      diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    });
    return {
      configuration,
      issues: () => configuration.issues,
      answer(request) {
        const flag = stringField(request, "flag");
        const subject = stringField(request, "subjectKey");
        const attributes = optionalObjectField(request, "attributes") ?? {};
        const { value, ...details } = client.getStringAssignmentDetails(
          flag,
          subject,
          attributes as never, // the toy vendor accepts any JSON as an attribute
          "default",
        );
        return { kind: "result", fields: { value, reason: details.reason } };
      },
    };
  },
};
