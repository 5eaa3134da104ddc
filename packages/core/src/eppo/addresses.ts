import { DecodeError, OptionError } from "../errors/errors.js";
import type { DialectAddresses, Endpoint, QueryParameter } from "../model/dialect.js";
import { KeyMemory } from "../payload/flag-keys.js";
import { modelVersions, NO_BANDIT_MODELS } from "./bandit/decode.js";
import { BANDITS, FLAGS, flagsOf, modelsOf } from "./bodies.js";
import { decodeBase64 } from "./obfuscation/base64.js";

const DEFAULT_HOST = "fscdn.eppo.cloud/api";
const PARAMETERS = ["apiKey", "sdkName", "sdkVersion"] as const;

/**
 * Returns the addresses of Eppo's configurations, which is all that a source needs from `eppo()`. The clients of such a
 * source use `eppo()` by default.
 */
export function eppoAddresses(): DialectAddresses {
  return addressesOf(new KeyMemory());
}

/** @param memory - keys of the flags in the previous payload. */
export function addressesOf(memory: KeyMemory): DialectAddresses {
  return {
    name: "eppo",
    endpoints: [
      endpoint(FLAGS, "config", () => true),
      {
        ...endpoint(BANDITS, BANDITS, function* (payloads) {
          try {
            const { banditReferences } = yield* flagsOf(payloads, memory);
            const loaded = modelVersions(yield* modelsOf(payloads));
            return banditReferences.some(({ modelVersion: it }) => it === null || !loaded.has(it));
          } catch (error) {
            // An unusable body is rejected when it is offered, so it needs no further request.
            if (error instanceof DecodeError) return false;
            throw error;
          }
        }),
        // As in the vendor's SDK, JSON without `bandits` keeps the current models, whatever its shape.
        *isEmpty(payload) {
          try {
            return (yield* modelsOf([payload])) === NO_BANDIT_MODELS;
          } catch (error) {
            if (error instanceof DecodeError && error.isJson) return true;
            throw error;
          }
        },
      },
    ],
    defaultBaseUrl: (apiKey) => `https://${subdomainOf(apiKey)}${DEFAULT_HOST}`,
  };
}

function endpoint(part: string, name: string, isNeeded: Endpoint["isNeeded"]): Endpoint {
  return {
    part,
    path: () => `/flag-config/v1/${name}`,
    query: (context) => PARAMETERS.map((it): QueryParameter => [it, context[it]]),
    headers: () => ({}),
    isNeeded,
  };
}

/**
 * Returns the subdomain in an SDK key `xxx.<Base64 of cs=<subdomain>&…>`, followed by a dot, or the empty string for a
 * key of another form.
 *
 * @throws OptionError if the subdomain is not a host name, because the key could otherwise be sent to another host.
 */
function subdomainOf(apiKey: string): string {
  const subdomain = decodedSubdomain(apiKey.split(".")[1] ?? "");
  if (subdomain === null) return "";
  if (!HOST_NAME.test(subdomain)) {
    throw new OptionError("apiKey", "the subdomain that the key names is not a host name");
  }
  return `${subdomain}.`;
}

/** Matches letters, digits and hyphens between dots. */
const HOST_NAME = /^(?!.{200})[a-z0-9](?:-*[a-z0-9])*(?:\.[a-z0-9](?:-*[a-z0-9])*)*$/i;

function decodedSubdomain(encoded: string): string | null {
  try {
    const subdomain = /(?:^|&)cs=([^&]+)/.exec(decodeBase64(encoded))?.[1];
    return subdomain === undefined ? null : decodeURIComponent(subdomain);
  } catch {
    return null; // it is not Base64, or not percent-encoded
  }
}
