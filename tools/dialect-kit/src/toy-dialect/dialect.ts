import {
  type CompileInput,
  DecodeError,
  type Dialect,
  expectObject,
  type PayloadSet,
  parseJson,
  readFlags,
  runAtOnce,
  type Steps,
} from "@sortition/core/dialect";
import { createConfiguration, isToy, PLACE, type ToyConfiguration } from "./configuration.js";
import { type ToyDetails, ToyTrace } from "./trace.js";

/** Options of the toy: the key, and the platform's `crypto.subtle`. */
export interface ToyOptions<Key> {
  readonly key: Key;
  readonly subtle: {
    decrypt(by: { name: string; iv: Uint8Array }, key: Key, data: Uint8Array): Promise<ArrayBuffer>;
  };
}

/** Creates the dialect. The part `flags` is encrypted (a nonce of 12 bytes, then AES-GCM). */
export function toy<Key>({ key, subtle }: ToyOptions<Key>): Dialect<ToyDetails> {
  const compile = function* (input: CompileInput): Steps<ToyConfiguration> {
    const { former, payloads } = input;
    const { content } = input.prepared as { content: Uint8Array }; // returned by `prepare`
    const { flags: raw } = yield* readFlags(content, PLACE);
    if (raw === null) throw new DecodeError("$.flags", "expected a list", { part: "flags" });
    const optional = bytesOf(payloads, "cohorts");
    const cohorts = optional === undefined ? {} : expectObject(parseJson(optional, "$"), "$");
    const configuration = createConfiguration({ dialect, payloads, raw, cohorts });
    if (former !== null && isToy(former)) yield* configuration.lazyFlags.adopt(former.lazyFlags);
    return configuration;
  };
  const dialect: Dialect<ToyDetails> = {
    name: "toy",
    needsSubjectKey: true,
    openFeature: {
      takesNestedValues: true,
      attributeNames: {},
      hasNumericVariations: false,
      subjectOf: null,
      metadataOf: ({ blockedBy }) => ({ blockedBy }),
    },
    endpoints: [
      {
        part: "flags",
        path: ({ apiKey }) => `/sdk/${encodeURIComponent(apiKey)}/flags`,
        query: () => [["encrypted", null]],
        headers: () => ({}),
        isNeeded: () => true,
      },
    ],
    defaultBaseUrl: () => "https://flags.toy.example",
    /** The result is passed only to `compile`. */
    async prepare(payloads) {
      const bytes = bytesOf(payloads, "flags") ?? new Uint8Array();
      const by = { name: "AES-GCM", iv: bytes.subarray(0, 12) };
      try {
        return { content: new Uint8Array(await subtle.decrypt(by, key, bytes.subarray(12))) };
      } catch (cause) {
        throw new DecodeError("$", "cannot be decrypted", { cause, part: "flags" });
      }
    },
    compile: (input) => runAtOnce(compile(input)),
    compileInSteps: compile,
    createTrace: () => new ToyTrace(),
  };
  return dialect;
}

function bytesOf(payloads: PayloadSet, name: string): Uint8Array | undefined {
  return payloads.find(({ part }) => part === name)?.bytes;
}
