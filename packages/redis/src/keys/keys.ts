/** Version of the stored format. Another format has other keys and a leader of its own. */
const VERSION = "v1";

/** Keys and the channel of one shared configuration. The hash tag puts them into one slot. */
export interface Keys {
  readonly lease: string;
  readonly fence: string;
  readonly gate: string;
  readonly poll: string;
  readonly config: string;
  /** A channel. Hints only, never data. */
  readonly changed: string;
}

/** All names below one prefix and namespace. */
export class Namespace {
  constructor(
    readonly prefix: string,
    readonly name: string,
  ) {}

  get shared(): Keys {
    return {
      lease: this.key("lease"),
      fence: this.key("fence"),
      gate: this.key("gate"),
      poll: this.key("poll"),
      config: this.key("config"),
      changed: this.key("changed"),
    };
  }

  /** `<prefix>:{<namespace>}:v1:<suffix>`: all of these are in one slot. */
  key(suffix: string): string {
    return `${this.prefix}:{${this.name}}:${VERSION}:${suffix}`;
  }

  /**
   * `<prefix>:{<namespace>:<digit>}:v1:<suffix>`: keys that grow are spread over 16 slots.
   *
   * @param digit - hexadecimal digit of a hash of the subject or exposure.
   */
  spreadKey(digit: string, suffix: string): string {
    return `${this.prefix}:{${this.name}:${digit}}:${VERSION}:${suffix}`;
  }
}

/** What must not be in a namespace or a prefix: a brace would change the slot, a blank breaks a channel. */
export const UNSAFE_IN_KEYS: RegExp = /[{}\s]/;

/**
 * The namespace of an origin: `<dialect>-<12 hex digits>`. Two environments cannot meet by accident, since
 * the scope is a hash of the dialect, the base URL and the key.
 */
export function namespaceOf(origin: {
  readonly dialect: { readonly name: string };
  readonly scope: string;
}): string {
  // The name of a dialect of the caller may contain anything.
  return `${encodeURIComponent(origin.dialect.name)}-${origin.scope.slice(0, 12)}`;
}
