import {
  type CompileInput,
  DecodeError,
  type Dialect,
  type FlagsDocument,
  isJsonObject,
  type JsonObject,
  type PayloadSet,
  parseJson,
  type RawFlags,
  readFlags,
  readPart,
  runAtOnce,
  type Steps,
} from "@sortition/core/dialect";
import { KeyMemory, markRelease } from "@sortition/core/dialect-internal";
import { RELEASE } from "../version.js";
import { ADDRESSES, PART } from "./addresses.js";
import { FEATURES_PLACE, GrowthbookConfiguration, type SharedParts } from "./configuration.js";
import { decryptBytes, ENCRYPTED_PARTS, type EncryptedPart } from "./decryption/decrypt.js";
import { GROWTHBOOK_OPTION_HINTS } from "./option-hints.js";
import { type GrowthbookOptions, type ResolvedOptions, resolveOptions } from "./options.js";
import { type GrowthbookDetails, GrowthbookTrace } from "./trace.js";

/** GrowthBook's dialect. Evaluation details are the vendor's result of the feature. */
export type GrowthbookDialect = Dialect<GrowthbookDetails>;

/** A payload that was split into flags, and its decrypted parts. */
interface Opened {
  readonly document: FlagsDocument;
  /** Decrypted parts. `null` if a part cannot be decrypted. */
  readonly decrypted: ReadonlyMap<EncryptedPart, Uint8Array | null>;
}

/**
 * Creates the dialect for GrowthBook's SDK payloads, plain or encrypted. They have one part, `flags`.
 *
 * With a `decryptionKey`, create configurations with `Configuration.load`, because decryption is asynchronous.
 *
 * @throws OptionError for an invalid option.
 */
export function growthbook(options: GrowthbookOptions = {}): GrowthbookDialect {
  const resolved = resolveOptions(options);
  const memory = new KeyMemory();

  const compile = function* (input: CompileInput): Steps<GrowthbookConfiguration> {
    const { former, payloads, prepared } = input;
    const opened = (prepared as Opened | null) ?? {
      document: yield* documentOf(payloads, memory),
      decrypted: new Map<EncryptedPart, null>(),
    };
    const configuration = yield* configurationOf(opened, payloads, dialect, resolved);
    yield* configuration.adopt(former);
    return configuration;
  };

  const dialect: GrowthbookDialect = {
    ...ADDRESSES,
    needsSubjectKey: false,
    openFeature: {
      takesNestedValues: true,
      attributeNames: {},
      hasNumericVariations: false,
      subjectOf: null,
      metadataOf: ({ experiment, ruleId }) => ({
        ruleId: ruleId || null,
        experimentKey: experiment?.key,
      }),
    },
    optionHints: GROWTHBOOK_OPTION_HINTS,
    issueCodes: [
      "malformed",
      "risky-pattern",
      "unknown-operator",
      "undecryptable",
      "sticky-buckets",
    ],
    ...(resolved.decryptionKey === null
      ? {}
      : { prepare: (payloads) => prepare(payloads, resolved, memory) }),
    compile: (input) => runAtOnce(compile(input)),
    compileInSteps: compile,
    createTrace: () => new GrowthbookTrace(),
  };
  return markRelease(dialect, RELEASE);
}

function documentOf(payloads: PayloadSet, memory: KeyMemory): Steps<FlagsDocument> {
  return readPart(payloads, PART, ({ bytes }) => readFlags(bytes, FEATURES_PLACE, memory));
}

async function prepare(
  payloads: PayloadSet,
  { decryptionKey, subtle }: ResolvedOptions,
  memory: KeyMemory,
): Promise<Opened> {
  const document = runAtOnce(documentOf(payloads, memory));
  const decrypted = new Map<EncryptedPart, Uint8Array | null>();
  for (const part of encryptedPartsOf(document.root)) {
    const encrypted = (document.root as JsonObject)[part]; // the root has this part
    try {
      decrypted.set(part, await decryptBytes(encrypted, decryptionKey ?? "", subtle));
    } catch {
      decrypted.set(part, null);
    }
  }
  return { document, decrypted };
}

function encryptedPartsOf(root: unknown): EncryptedPart[] {
  if (!isJsonObject(root)) return [];
  const parts = Object.keys(ENCRYPTED_PARTS) as EncryptedPart[]; // its type defines its keys
  return parts.filter((part) => Object.hasOwn(root, part) && !!root[part]);
}

function* configurationOf(
  { decrypted, document }: Opened,
  payloads: PayloadSet,
  dialect: Dialect,
  options: ResolvedOptions,
): Steps<GrowthbookConfiguration> {
  const { root } = document;
  if (!isJsonObject(root)) throw new DecodeError("$", "expected an object", { part: PART });
  const notDecrypted: DecodeError[] = [];
  let raw = document.flags;
  let shared = sharedPartsOf(root);
  for (const part of encryptedPartsOf(root)) {
    const bytes = decrypted.get(part) ?? null;
    const replaced = ENCRYPTED_PARTS[part];
    try {
      if (bytes === null) throw undecryptable(part, options);
      if (part === "encryptedFeatures") raw = yield* featuresOf(bytes);
      else shared = { ...shared, [replaced]: parseJson(bytes, `$.${part}`) };
    } catch (error) {
      // If the payload also has the part in plain form, that one stays in use, as in the vendor's SDK.
      if (!(error instanceof DecodeError)) throw error;
      notDecrypted.push(undecryptable(part, options));
    }
  }
  raw ??= withoutFeatures(root, notDecrypted, options);
  const { refuseRiskyPatterns } = options;
  return new GrowthbookConfiguration({
    dialect,
    payloads,
    raw,
    shared,
    notDecrypted,
    refuseRiskyPatterns,
  });
}

function* featuresOf(bytes: Uint8Array): Steps<RawFlags> {
  const { flags, root } = yield* readFlags(bytes, { member: null, shape: "map" });
  // Quirk: `null` means that there are no features (growthbook).
  if (flags === null && root !== null) throw new DecodeError("$.features", "expected an object");
  return flags ?? noFeatures();
}

/** @throws DecodeError if features are required but missing, or if they are not an object. */
function withoutFeatures(
  root: JsonObject,
  notDecrypted: readonly DecodeError[],
  { requireFeatures }: ResolvedOptions,
): RawFlags {
  const features = Object.hasOwn(root, "features") ? root["features"] : undefined;
  const isAbsent = features === undefined || features === null;
  const encrypted = notDecrypted.find(({ path }) => path === "$.encryptedFeatures");
  if (isAbsent && !requireFeatures) return noFeatures();
  if (encrypted !== undefined) {
    throw new DecodeError(encrypted.path, encrypted.problem, { part: PART });
  }
  const problem = `expected an object, got ${isAbsent ? "nothing" : typeName(features)}`;
  throw new DecodeError("$.features", problem, { part: PART });
}

function noFeatures(): RawFlags {
  const { flags } = runAtOnce(readFlags(EMPTY_OBJECT, { member: null, shape: "map" }));
  return flags as RawFlags; // the input is an object
}

/** The bytes of `{}`. */
const EMPTY_OBJECT: Uint8Array = /* @__PURE__ */ Uint8Array.of(0x7b, 0x7d);

function sharedPartsOf(root: JsonObject): SharedParts {
  const own = (name: string): unknown => (Object.hasOwn(root, name) ? root[name] : undefined);
  return {
    savedGroups: own("savedGroups"),
    contextualBandits: own("contextualBandits"),
    experiments: own("experiments"),
    dateUpdated: own("dateUpdated"),
  };
}

function undecryptable(part: EncryptedPart, { decryptionKey }: ResolvedOptions): DecodeError {
  const problem =
    decryptionKey === null
      ? "is encrypted, and there is no decryptionKey"
      : "cannot be decrypted with this decryptionKey: is it that of this SDK connection?";
  return new DecodeError(`$.${part}`, problem);
}

function typeName(value: unknown): string {
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
