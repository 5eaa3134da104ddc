/** A path to an attribute of a context. */
export interface AttributeReference {
  /** Names of nested members, at least one. */
  readonly names: readonly string[];
  /** Whether it reads the list of kinds. */
  readonly isKind: boolean;
}

/** The reference to a context's key. */
export const KEY_REFERENCE: AttributeReference = { names: ["key"], isKind: false };

/** Quirk: only this combination of slashes and tildes is refused; `~^` and `~|` are accepted (launchdarkly). */
const INVALID = /\/\/|(^\/.*~[^0|^1])|~$/;

/**
 * Reads a reference, such as `/address/city`.
 *
 * @param isLiteral - whether the text is the name itself, as in flags from before there were kinds of contexts.
 * @returns `null` if it is invalid.
 */
export function parseReference(text: string, isLiteral: boolean): AttributeReference | null {
  if (text === "") return null;
  if (isLiteral || !text.startsWith("/")) {
    if (!isLiteral && INVALID.test(text)) return null;
    return referenceTo([text], isLiteral);
  }
  if (text === "/" || INVALID.test(text)) return null;
  return referenceTo(text.slice(1).split("/").map(withoutEscapes), false);
}

/** Quirk: escapes in a name that begins with a tilde are not replaced (launchdarkly). */
function withoutEscapes(name: string): string {
  return name.startsWith("~") ? name : name.replace(/~1/g, "/").replace(/~0/g, "~");
}

/** Metadata of a context cannot be read, except by an old flag. */
function referenceTo(names: readonly string[], isLiteral: boolean): AttributeReference | null {
  if (!isLiteral && names[0] === "_meta") return null;
  return { names, isKind: names.length === 1 && names[0] === "kind" };
}
