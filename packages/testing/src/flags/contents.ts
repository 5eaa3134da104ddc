import type { PayloadParts } from "../writers/writer.js";
import type { FlagDefinition } from "./definition.js";

/** All flags of a configuration at one time. A change is a new object, so that forks share nothing that changes. */
export interface Contents {
  /** The payload. */
  readonly parts: PayloadParts;
  /** Its parts as strings: as they were given until one of their flags is changed, the others once they are read. */
  readonly texts: Map<string, string>;
  /** What builders described, by key. */
  readonly flags: ReadonlyMap<string, FlagDefinition>;
}

/** The same contents with these parts. Text that still says the same stays as it is. */
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

/** Contents without anything but these parts. */
export function contentsOf(parts: PayloadParts): Contents {
  return { parts, texts: new Map(), flags: new Map() };
}

/**
 * The same contents with a part as it is given. What builders described is no longer in it.
 *
 * @throws SyntaxError if it is not JSON.
 */
export function withText({ parts, texts }: Contents, part: string, text: string): Contents {
  return {
    parts: { ...parts, [part]: JSON.parse(text) },
    texts: new Map(texts).set(part, text),
    flags: new Map(),
  };
}

/** The parts as strings, by name. */
export function textsOf({ parts, texts }: Contents): Readonly<Record<string, string>> {
  const all = Object.entries(parts).map(([part, content]): [string, string] => {
    // Not written at each change: a test describes many flags before a client reads the first.
    const text = texts.get(part) ?? JSON.stringify(content);
    texts.set(part, text);
    return [part, text];
  });
  return Object.fromEntries(all);
}
