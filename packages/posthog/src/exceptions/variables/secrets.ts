const MIN_LENGTH = 16;
const MIN_ENTROPY_BITS = 3.8;
const MIN_CHARACTER_CLASSES = 3;
/** Maximum length of strings that are searched for known formats. */
const MAX_KNOWN_LENGTH = 200;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Characters in the string form of objects, but never in a token. */
const STRUCTURE = /[()[\]{}<>'"`,;\s]/;
const PATH_SEGMENT = /^[a-z][a-z.]*$/;

/** Formats of credentials that common services issue. */
const KNOWN: RegExp = /* @__PURE__ */ new RegExp(
  "sk-(?:ant-|proj-)?[\\w-]{16,}|" +
    "hf_[A-Za-z0-9]{34}|" +
    "(?:AKIA|ASIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ABIA|ACCA)[0-9A-Z]{16}|" +
    "AIza[\\w-]{35}|" +
    "ya29\\.[\\w-]{20,}|" +
    "do[opr]_v1_[a-f0-9]{64}|" +
    "(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|" +
    "sq0[a-z]{3}-[\\w-]{22,43}|" +
    "gh[pousr]_[A-Za-z0-9]{36}|" +
    "github_pat_\\w{20,}|" +
    "gl(?:pat|ptt|rt|soat)-[\\w-]{20}|" +
    "glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|" +
    "xox[abeoprs]-[A-Za-z0-9-]{10,}|" +
    "xapp-\\d-[A-Za-z0-9-]{10,}|" +
    "SK[0-9a-fA-F]{32}|" +
    "SG\\.[\\w-]{22}\\.[\\w-]{43}|" +
    "key-[0-9a-f]{32}|" +
    "[0-9a-f]{32}-us\\d{1,2}|" +
    "npm_[A-Za-z0-9]{36}|" +
    "pypi-AgEI[\\w-]{50,}|" +
    "dapi[0-9a-f]{32}|" +
    "dp\\.pt\\.[A-Za-z0-9]{40,}|" +
    "PMAK-[a-f0-9]{24}-[a-f0-9]{34}|" +
    "(?:lin_api_|ntn_)[A-Za-z0-9]{40}|" +
    "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|" +
    "NR(?:AK|JS|II|MA|RA)-[A-Za-z0-9]{27}|" +
    "eyJ[\\w-]{10,}\\.[\\w-]{10,}\\.[\\w-]{6,}",
);

/** Returns whether a string is probably a credential, regardless of its variable's name. */
export function looksLikeSecret(text: string): boolean {
  if (text.includes("PRIVATE KEY-----")) return true;
  if (text.length < MIN_LENGTH) return false;
  return isRandom(text) || (text.length <= MAX_KNOWN_LENGTH && KNOWN.test(text));
}

/**
 * Returns whether a string is long and has several kinds of characters and a high entropy. Paths, URLs, UUIDs and
 * hexadecimal strings are excluded.
 */
function isRandom(text: string): boolean {
  if (STRUCTURE.test(text) || UUID.test(text) || isPathOrUrl(text)) return false;
  if (/^[0-9a-fA-F]+$/.test(text)) return false;
  const classes = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d]/u].filter((it) => it.test(text));
  return classes.length >= MIN_CHARACTER_CLASSES && entropyOf(text) >= MIN_ENTROPY_BITS;
}

function isPathOrUrl(text: string): boolean {
  if (text.includes("://") || text.includes("\\")) return true;
  return text.includes("/") && text.split("/").filter((it) => PATH_SEGMENT.test(it)).length >= 2;
}

/** Returns the Shannon entropy in bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

/** Replaces user and password in `scheme://user:password@host`. */
export function withoutCredentials(text: string, replacement: string): string {
  if (!text.includes("://")) return text;
  return text.replace(
    /([a-z][a-z0-9+.-]{0,30}:\/\/)(?=[^/@\s]*:)[^/\s]*@/gi,
    (_, scheme: string) => `${scheme}${replacement}@`,
  );
}
