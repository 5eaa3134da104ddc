import {
  type BanditModels,
  decodeBanditModels,
  decodeBanditReferences,
  modelVersions,
  NO_BANDIT_MODELS,
} from "../bandit/decode.js";
import type { BanditReference } from "../bandit/wire.js";
import { DecodeError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import type { Configuration, Payload, PayloadSet } from "../model/configuration.js";
import type { Dialect, Endpoint, EndpointContext } from "../model/dialect.js";
import { textOf } from "../runtime/text.js";
import { decodeBase64 } from "./base64.js";
import { UfcConfiguration } from "./configuration.js";
import { decodeFlagsBody } from "./decode.js";
import { type EvaluationDetails, UfcTrace } from "./details.js";
import { precompute } from "./precompute.js";
import type { FlagsBody } from "./wire.js";

const FLAGS = "flags";
const BANDITS = "bandits";
const DEFAULT_HOST = "fscdn.eppo.cloud/api";

interface ParsedFlags {
  readonly body: FlagsBody;
  readonly banditReferences: readonly BanditReference[];
}

/**
 * The native dialect: Eppo's Universal Flag Configuration, plain or obfuscated, with its bandit
 * models. Parts: `flags`, and `bandits` when the flags refer to some.
 */
export function eppo(): Dialect<EvaluationDetails> {
  // A body is looked at when its endpoint has answered and again when it is compiled: parse it once.
  const flagsByBytes = new WeakMap<Uint8Array, ParsedFlags>();
  const modelsByBytes = new WeakMap<Uint8Array, BanditModels>();

  const flagsOf = (payloads: PayloadSet): ParsedFlags => {
    const payload = payloads.find(({ part }) => part === FLAGS);
    if (payload === undefined) throw new DecodeError("$", "is missing", { part: FLAGS });
    return decodedOnce(flagsByBytes, payload, (root) => {
      const body = decodeFlagsBody(root);
      return { body, banditReferences: decodeBanditReferences(body.root) };
    });
  };
  const modelsOf = (payloads: PayloadSet): BanditModels => {
    const payload = payloads.find(({ part }) => part === BANDITS);
    if (payload === undefined) return NO_BANDIT_MODELS;
    return decodedOnce(modelsByBytes, payload, decodeBanditModels);
  };

  const dialect: Dialect<EvaluationDetails> = {
    name: "eppo",
    endpoints: [
      endpoint(FLAGS, "/flag-config/v1/config", () => true),
      endpoint(BANDITS, "/flag-config/v1/bandits", (payloads) => {
        const { banditReferences } = flagsOf(payloads);
        const loaded = modelVersions(modelsOf(payloads));
        return banditReferences.some(({ modelVersion: it }) => it === null || !loaded.has(it));
      }),
    ],
    defaultBaseUrl: (apiKey) => `https://${subdomainOf(apiKey)}${DEFAULT_HOST}`,
    compile: (payloads: PayloadSet): Configuration =>
      new UfcConfiguration({
        dialect,
        payloads,
        ...flagsOf(payloads),
        banditModels: modelsOf(payloads),
      }),
    precompute: (configuration, request) =>
      precompute(configuration as UfcConfiguration | null, request), // the client's, of this dialect
    createTrace: () => new UfcTrace(),
  };
  return dialect;
}

function endpoint(
  part: string,
  path: string,
  isNeeded: (payloads: PayloadSet) => boolean,
): Endpoint {
  return {
    part,
    path,
    query: ({ apiKey, sdkName, sdkVersion }: EndpointContext) => ({ apiKey, sdkName, sdkVersion }),
    headers: () => ({}),
    isNeeded: (payloads) => {
      try {
        return isNeeded(payloads);
      } catch (error) {
        // An unusable body is refused when it is offered; nothing more is asked for its sake.
        if (error instanceof DecodeError) return false;
        throw error;
      }
    },
  };
}

function decodedOnce<T>(
  known: WeakMap<Uint8Array, T>,
  { bytes, part }: Payload,
  decode: (root: unknown) => T,
): T {
  const hit = known.get(bytes);
  if (hit !== undefined) return hit;
  try {
    const decoded = decode(parseJson(bytes));
    known.set(bytes, decoded);
    return decoded;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(error.path, error.problem, { cause: error.cause, part });
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes));
  } catch (cause) {
    // Engines quote the text that they cannot read. It may hold anything, the key too.
    throw new DecodeError("$", `expected JSON: ${messageOf(cause).replace(/".*"/s, "…")}`);
  }
}

/** An SDK key `xxx.<Base64 of cs=<subdomain>&…>` names the subdomain that serves it. */
function subdomainOf(apiKey: string): string {
  const encoded = apiKey.split(".")[1];
  if (encoded === undefined) return "";
  try {
    const subdomain = /(?:^|&)cs=([^&]+)/.exec(decodeBase64(encoded))?.[1];
    return subdomain === undefined ? "" : `${decodeURIComponent(subdomain)}.`;
  } catch {
    return ""; // a key of another form
  }
}
