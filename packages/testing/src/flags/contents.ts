import type { Parts } from "../writers/writer.js";
import type { FlagDefinition } from "./definition.js";

/** All flags of a configuration at one time. A change is a new object, so that forks share nothing that changes. */
export interface Contents {
  /** The payload. */
  readonly parts: Parts;
  /** Its parts as strings: as they were given until one of their flags is changed. */
  readonly texts: Readonly<Record<string, string>>;
  /** What builders described, by key. */
  readonly flags: ReadonlyMap<string, FlagDefinition>;
}

/** The same contents with these parts. Text that still says the same stays as it is. */
export function withParts(
  { flags, parts: former, texts }: Contents,
  parts: Parts,
  flag: FlagDefinition | null = null,
): Contents {
  const changed = Object.entries(parts).map(([part, content]): [string, string] => {
    const known = content === former[part] ? texts[part] : undefined;
    return [part, known ?? JSON.stringify(content)];
  });
  return {
    parts,
    texts: Object.fromEntries(changed),
    flags: flag === null ? flags : new Map(flags).set(flag.key, flag),
  };
}

/** Contents without anything but these parts. */
export function contentsOf(parts: Parts): Contents {
  return withParts({ parts: {}, texts: {}, flags: new Map() }, parts);
}

/** The same contents with a part as it is given. What builders described is no longer in it. */
export function withText({ parts, texts }: Contents, part: string, text: string): Contents {
  return {
    parts: { ...parts, [part]: JSON.parse(text) },
    texts: { ...texts, [part]: text },
    flags: new Map(),
  };
}
