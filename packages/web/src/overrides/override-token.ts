import { OptionError, type WebParts } from "@sortition/core/internal";
import { reportRefusal } from "../http/refusals.js";
import type { SealOptions } from "../token/keys.js";
import { MAX_LENGTH, open, seal } from "../token/token.js";

/** Variations to show instead of evaluating flags. */
export interface OverrideContent {
  /** Variation keys by flag key. */
  readonly flags: Readonly<Record<string, string>>;
  /** The only subject that gets them. `null`: anyone with the link or the cookie. */
  readonly subjectKey: string | null;
  /** Path of the page to show after the confirmation. */
  readonly path: string;
  /** Epoch ms. */
  readonly expiresAtMs: number;
}

/** Options of `sealOverrides`. */
export interface OverrideOptions extends SealOptions {
  /** Keys of the variations to show, by flag key. */
  readonly flags: Readonly<Record<string, string>>;
  /** How long the link and the cookie work, in seconds. At most 24 hours. */
  readonly expiresInSeconds: number;
  /** The only subject that gets the variations. Default: anyone who opens the link. */
  readonly subjectKey?: string | undefined;
  /** Path of the page that the tester sees after the confirmation, such as `/checkout?step=2`. Default: `/`. */
  readonly path?: string | undefined;
}

const MAX_SECONDS = 86_400;

/**
 * A path in visible ASCII. Browsers read `//` as the start of another site's address, replace `\` with `/`, and ignore tabs and
 * line breaks.
 */
const PATH = /^\/(?!\/)[!-[\]-~]*$/;

/** Pairs instead of an object, because any string is a legal flag key, even `__proto__`. */
type Packed = readonly [
  flags: readonly (readonly [string, string])[],
  subjectKey: string | null,
  path: string,
];

/**
 * Encrypts overrides for a link or a cookie. The link is the address of the route that exports `overrides`, with the result
 * as its parameter `t`.
 *
 * @throws OptionError (the promise rejects) if an option is missing or invalid.
 */
export async function sealOverrides(options: OverrideOptions): Promise<string> {
  const { expiresInSeconds, flags, path = "/", subjectKey = null } = options;
  const entries = Object.entries(flags ?? {});
  if (entries.length === 0 || entries.some(([, variation]) => typeof variation !== "string")) {
    throw new OptionError(
      "flags",
      'expected variation keys by flag key, e.g. { checkout: "fast" }',
    );
  }
  if (!(expiresInSeconds > 0 && expiresInSeconds <= MAX_SECONDS)) {
    throw new OptionError(
      "expiresInSeconds",
      `expected more than 0 and at most ${MAX_SECONDS} (24 hours), got ${expiresInSeconds}`,
    );
  }
  if (subjectKey === "") {
    throw new OptionError("subjectKey", "expected a subject key that is not empty");
  }
  if (typeof path !== "string" || !PATH.test(path)) {
    throw new OptionError(
      "path",
      `expected the path of a page on the same site, such as /checkout, got ${JSON.stringify(path)}`,
    );
  }
  const packed: Packed = [entries, subjectKey, path];
  const expiresAtMs = Date.now() + expiresInSeconds * 1_000;
  const token = await seal(packed, "overrides", options, expiresAtMs);
  if (token.length > MAX_LENGTH.overrides) {
    throw new OptionError(
      "flags",
      `expected fewer flags: they exceed the ${MAX_LENGTH.overrides} characters of a cookie`,
    );
  }
  return token;
}

/** Opens overrides. `null`: the token is malformed, forged or expired, or this runtime cannot decompress it. */
export async function openOverrideToken(
  token: unknown,
  options: SealOptions,
  { clock, diagnostics }: WebParts,
): Promise<OverrideContent | null> {
  const opened = await open(token, "overrides", options, clock.now());
  if ("refused" in opened) {
    if (opened.refused === "compressed") reportRefusal(diagnostics, "compressed");
    return null;
  }
  const [flags, subjectKey, path] = opened.content as Packed; // authenticated
  return { flags: Object.fromEntries(flags), subjectKey, path, expiresAtMs: opened.expiresAtMs };
}

/** Returns the overrides in a cookie, or `undefined` if they are not valid for this subject. Counts both. */
export async function openOverrides(
  cookie: string,
  subjectKey: string,
  options: SealOptions,
  parts: WebParts,
): Promise<OverrideContent["flags"] | undefined> {
  const content = await openOverrideToken(cookie, options, parts);
  const isForOther = content?.subjectKey !== null && content?.subjectKey !== subjectKey;
  parts.count(isForOther ? "ignoredOverrides" : "overrides");
  return isForOther ? undefined : content.flags;
}
