import {
  type Edge,
  edges,
  jsonObject,
  jsonTextOf,
  MISSING,
  type Random,
} from "@sortition/dialect-kit/differential";
import { ALL_FLAG_EDGES, type Form, type GeneratedFlag, generateFlag } from "./flags.js";
import { md5, obfuscateFlag } from "./obfuscate.js";

/** Options of a client, for both SDKs. */
export interface Profile {
  readonly isGraceful: boolean;
  /** Whether our events always contain details, like the vendor's. */
  readonly includesDetails: boolean;
}

/** A flag of a body, as generated and as sent. */
export interface BodyFlag {
  readonly generated: GeneratedFlag;
  readonly wire: unknown;
  /** The part that a fuzzer replaced. `null`: none. */
  readonly malformed: { readonly part: string; readonly replacement: string } | null;
}

/** A configuration for both SDKs. */
export interface GeneratedConfiguration {
  readonly body: Record<string, unknown>;
  /** The body as a server would send it. */
  readonly text: string;
  readonly isObfuscated: boolean;
  readonly edges: readonly string[];
  readonly flags: readonly BodyFlag[];
  readonly profile: Profile;
}

const ENVIRONMENTS: readonly Edge[] = edges({
  "environment: named": { name: "Test" },
  "environment: missing": MISSING,
  "environment: null": null,
  "environment: without name": {},
});

const PUBLISHED: readonly Edge[] = edges({
  "createdAt: date": "2025-06-01T00:00:00.000Z",
  "createdAt: other string": "yesterday",
  "createdAt: missing": MISSING,
});

/** Values of `format`. */
export const FORMATS: readonly Edge[] = edges({
  "format: SERVER": "SERVER",
  "format: CLIENT": "CLIENT",
  "format: PRECOMPUTED": "PRECOMPUTED",
  "format: unknown": "OTHER",
  "format: missing": MISSING,
});

const PROFILES = {
  strict: "mode: strict",
  graceful: "mode: graceful",
  details: "events: always with details",
} as const;

/** Names of all edge cases of configurations and their flags. */
export const CONFIGURATION_EDGES: readonly string[] = [
  ...[...ENVIRONMENTS, ...PUBLISHED, ...FORMATS].map(({ name }) => name),
  ...Object.values(PROFILES),
  ...ALL_FLAG_EDGES,
];

/** Generates a configuration of three flags. */
export function generateConfiguration(random: Random): GeneratedConfiguration {
  const format = random.pick(FORMATS);
  const form = formOf(format);
  const generate = (key: string): BodyFlag => bodyFlag(form, generateFlag(random, form, key));
  const flags = ["flag-a", "flag-b", "flag-c"].map(generate);
  const profile = { isGraceful: random.chance(0.85), includesDetails: random.chance(0.3) };
  return configurationOf(random, format, flags, profile);
}

/** Returns the form of a body with this `format`. */
export function formOf({ value }: Edge): Form {
  return value === "CLIENT" || value === "PRECOMPUTED" ? "hashed" : "plain";
}

/** Returns a flag as sent in a body of this form. */
export function bodyFlag(form: Form, generated: GeneratedFlag): BodyFlag {
  const wire = form === "hashed" ? obfuscateFlag(generated.wire) : generated.wire;
  return { generated, wire, malformed: null };
}

/** Creates a configuration with these flags. */
export function configurationOf(
  random: Random,
  format: Edge,
  generatedFlags: readonly BodyFlag[],
  profile: Profile,
): GeneratedConfiguration {
  const odd = [format.name];
  const note = ({ name, value }: Edge): unknown => {
    odd.push(name);
    return value;
  };
  const usually = (choices: readonly Edge[], probability: number): unknown =>
    note(random.chance(probability) ? (choices[0] as Edge) : random.pick(choices)); // choices are never empty
  const isObfuscated = formOf(format) === "hashed";
  const flags = lastOfEachKey(generatedFlags);
  odd.push(profile.isGraceful ? PROFILES.graceful : PROFILES.strict);
  if (profile.includesDetails) odd.push(PROFILES.details);
  const body = jsonObject([
    ["createdAt", usually(PUBLISHED, 0.8)],
    ["format", format.value],
    ["environment", usually(ENVIRONMENTS, 0.8)],
    [
      "flags",
      jsonObject(
        flags.map(({ generated: { key }, wire }) => [isObfuscated ? md5(key) : key, wire]),
      ),
    ],
  ]);
  return { body, text: jsonTextOf(body), isObfuscated, edges: odd, flags, profile };
}

/** A key may be generated twice. In JSON, the last one counts. */
function lastOfEachKey(flags: readonly BodyFlag[]): readonly BodyFlag[] {
  return [...new Map(flags.map((flag) => [flag.generated.key, flag])).values()];
}
