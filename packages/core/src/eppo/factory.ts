import { RISKY_PATTERN } from "../conditions/risky-pattern/guard.js";
import { DecodeError, OptionError } from "../errors/errors.js";
import { booleanOption } from "../errors/option-checks.js";
import type { Payload, PayloadSet } from "../model/configuration.js";
import type { CompileInput, Endpoint, EndpointContext } from "../model/dialect.js";
import type { PrecomputingDialect } from "../model/precompute.js";
import type { Steps } from "../model/steps.js";
import type { Trace } from "../model/trace.js";
import { KeyMemory } from "../payload/flag-keys.js";
import { parseJson } from "../payload/parse-json.js";
import { readFlags } from "../payload/read-flags.js";
import { runAtOnce } from "../runtime/slices.js";
import {
  type BanditModels,
  decodeBanditModels,
  decodeBanditReferences,
  modelVersions,
  NO_BANDIT_MODELS,
} from "./bandit/decode.js";
import type { BanditReference } from "./bandit/wire.js";
import { BANDIT_MODEL_MISSING, FLAGS_PLACE, UfcConfiguration } from "./configuration.js";
import { decodeFlagsBody } from "./decode.js";
import type { EvaluationDetails } from "./evaluation-details.js";
import { decodeBase64 } from "./obfuscation/base64.js";
import { EPPO_OPTION_HINTS } from "./option-hints.js";
import { precompute } from "./precomputed/precompute.js";
import { UfcTrace } from "./trace.js";
import type { FlagsBody } from "./wire.js";

const FLAGS = "flags";
const BANDITS = "bandits";
const DEFAULT_HOST = "fscdn.eppo.cloud/api";

/** Options of {@link eppo}. */
export interface EppoOptions {
  /**
   * Whether patterns that may take exponential time, or cannot be analysed, hold for nobody, and all others are tested in
   * linear time. Risky ones are issues in any case. Default: false, as the vendor's SDK.
   */
  readonly refuseRiskyPatterns?: boolean;
}

/** Eppo's dialect. Its configurations can be precomputed for one subject. */
export interface EppoDialect extends PrecomputingDialect {
  createTrace(): Trace<EvaluationDetails>;
}

interface ParsedFlags {
  readonly body: FlagsBody;
  readonly banditReferences: readonly BanditReference[];
}

/**
 * The native dialect: Eppo's Universal Flag Configuration, plain or obfuscated, with its bandit
 * models. Parts: `flags`, and `bandits` if the flags refer to any.
 *
 * @throws OptionError for a bad option.
 */
export function eppo(options: EppoOptions = {}): EppoDialect {
  const { refuseRiskyPatterns, ...others } = options;
  for (const name of Object.keys(others)) throw new OptionError(`eppo.${name}`, "unknown option");
  const refuses = booleanOption("refuseRiskyPatterns", refuseRiskyPatterns, false);
  // A body is read when its endpoint has answered and again when it is compiled: parse it once.
  const flagsByBytes = new WeakMap<Uint8Array, ParsedFlags>();
  const modelsByBytes = new WeakMap<Uint8Array, BanditModels>();
  const memory = new KeyMemory();

  const flagsOf = function* (payloads: PayloadSet): Steps<ParsedFlags> {
    const payload = payloads.find(({ part }) => part === FLAGS);
    if (payload === undefined) throw new DecodeError("$", "is missing", { part: FLAGS });
    return yield* decodedOnce(flagsByBytes, payload, (bytes) => decodeFlags(bytes, memory));
  };
  const parsedModels = (payload: Payload): Steps<BanditModels> =>
    decodedOnce(modelsByBytes, payload, decodeModels);
  const modelsOf = function* (payloads: PayloadSet): Steps<BanditModels> {
    const payload = payloads.find(({ part }) => part === BANDITS);
    if (payload === undefined) return NO_BANDIT_MODELS;
    return yield* parsedModels(payload);
  };
  const areModelsNeeded = function* (payloads: PayloadSet): Steps<boolean> {
    try {
      const { banditReferences } = yield* flagsOf(payloads);
      const loaded = modelVersions(yield* modelsOf(payloads));
      return banditReferences.some(({ modelVersion: it }) => it === null || !loaded.has(it));
    } catch (error) {
      // An unusable body is rejected when it is offered; no further request is made for it.
      if (error instanceof DecodeError) return false;
      throw error;
    }
  };
  const compile = function* ({ payloads, former }: CompileInput): Steps<UfcConfiguration> {
    const configuration = new UfcConfiguration({
      dialect,
      payloads,
      refuses,
      ...(yield* flagsOf(payloads)),
      banditModels: yield* modelsOf(payloads),
    });
    if (former instanceof UfcConfiguration) yield* configuration.adopt(former);
    return configuration;
  };

  const dialect: EppoDialect = {
    name: "eppo",
    needsSubjectKey: true,
    issueCodes: ["malformed", BANDIT_MODEL_MISSING, RISKY_PATTERN],
    optionHints: EPPO_OPTION_HINTS,
    endpoints: [
      endpoint(FLAGS, "/flag-config/v1/config", () => true),
      {
        ...endpoint(BANDITS, "/flag-config/v1/bandits", areModelsNeeded),
        // As for the vendor: a body without `bandits` leaves the models that are there.
        *isEmpty(payload) {
          return (yield* parsedModels(payload)) === NO_BANDIT_MODELS;
        },
      },
    ],
    defaultBaseUrl: (apiKey) => `https://${subdomainOf(apiKey)}${DEFAULT_HOST}`,
    compile: (input) => runAtOnce(compile(input)),
    compileInSteps: compile,
    precompute: (configuration, request) =>
      precompute(configuration as UfcConfiguration | null, request), // the client's, of this dialect
    createTrace: () => new UfcTrace(),
  };
  return dialect;
}

function endpoint(
  part: string,
  path: string,
  isNeeded: (payloads: PayloadSet) => boolean | Steps<boolean>,
): Endpoint {
  return {
    part,
    path: () => path,
    query: ({ apiKey, sdkName, sdkVersion }: EndpointContext) => [
      ["apiKey", apiKey],
      ["sdkName", sdkName],
      ["sdkVersion", sdkVersion],
    ],
    headers: () => ({}),
    isNeeded,
  };
}

function* decodeFlags(bytes: Uint8Array, memory: KeyMemory): Steps<ParsedFlags> {
  const document = yield* readFlags(bytes, FLAGS_PLACE, memory);
  const body = decodeFlagsBody(document);
  return { body, banditReferences: decodeBanditReferences(body.root) };
}

// biome-ignore lint/correctness/useYield: models are decoded in one step
function* decodeModels(bytes: Uint8Array): Steps<BanditModels> {
  return decodeBanditModels(parseJson(bytes, "$"));
}

function* decodedOnce<T>(
  known: WeakMap<Uint8Array, T>,
  { bytes, part }: Payload,
  decode: (bytes: Uint8Array) => Steps<T>,
): Steps<T> {
  const hit = known.get(bytes);
  if (hit !== undefined) return hit;
  try {
    const decoded = yield* decode(bytes);
    known.set(bytes, decoded);
    return decoded;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(error.path, error.problem, { cause: error.cause, part });
  }
}

/**
 * Returns the subdomain that an SDK key `xxx.<Base64 of cs=<subdomain>&…>` names, with a dot at its end;
 * the empty string for a key of another form.
 *
 * @throws OptionError if it is not a host name: anything else could lead the key to another host.
 */
function subdomainOf(apiKey: string): string {
  const subdomain = decodedSubdomain(apiKey.split(".")[1] ?? "");
  if (subdomain === null) return "";
  if (!HOST_NAME.test(subdomain)) {
    throw new OptionError("apiKey", "the subdomain that the key names is not a host name");
  }
  return `${subdomain}.`;
}

/** Letters, digits and hyphens between dots. */
const HOST_NAME = /^(?!.{200})[a-z0-9](?:-*[a-z0-9])*(?:\.[a-z0-9](?:-*[a-z0-9])*)*$/i;

function decodedSubdomain(encoded: string): string | null {
  try {
    const subdomain = /(?:^|&)cs=([^&]+)/.exec(decodeBase64(encoded))?.[1];
    return subdomain === undefined ? null : decodeURIComponent(subdomain);
  } catch {
    return null; // not Base64, or not percent-encoded
  }
}
