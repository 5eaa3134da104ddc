import type { FlagDefinition, PayloadParts } from "@sortition/test-kit/flags";

/** All flags of a configuration at one time. Each change creates a new object, so that forks never affect each other. */
export interface Contents {
  /** The payload. */
  readonly parts: PayloadParts;
  /** Parts as strings. A given part keeps its text until one of its flags changes. Other parts are written when read. */
  readonly texts: Map<string, string>;
  /** Flags that builders described, by key. */
  readonly flags: ReadonlyMap<string, FlagDefinition>;
}

/** Returns the contents with these parts. The text of an unchanged part is kept. */
export function withParts(
  { flags, parts: former, texts }: Contents,
  parts: PayloadParts,
  flag: FlagDefinition | null = null,
): Contents {
  return {
    parts,
    texts: new Map([...texts].filter(([part]) => parts[part] === former[part])),
    flags: flag === null ? flags : new Map(flags).set(flag.key, flag),
  };
}

/** Returns contents that have only these parts. */
export function contentsOf(parts: PayloadParts): Contents {
  return { parts, texts: new Map(), flags: new Map() };
}

/**
 * Returns the contents with a part replaced by this text. Flags that builders described are no longer in that part.
 *
 * @throws SyntaxError if the text is not JSON.
 */
export function withText({ parts, texts }: Contents, part: string, text: string): Contents {
  return {
    parts: { ...parts, [part]: JSON.parse(text) },
    texts: new Map(texts).set(part, text),
    flags: new Map(),
  };
}

/** Returns the parts as strings, by name. */
export function textsOf({ parts, texts }: Contents): Readonly<Record<string, string>> {
  const all = Object.entries(parts).map(([part, content]): [string, string] => {
    // Parts are written only when they are read, because a test describes many flags before a client reads the first one.
    const text = texts.get(part) ?? JSON.stringify(content);
    texts.set(part, text);
    return [part, text];
  });
  return Object.fromEntries(all);
}
