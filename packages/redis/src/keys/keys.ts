/** Version of the stored format. Other formats have other keys and their own leader. */
const VERSION = "v1";

/** Keys and the channel of one shared configuration. The hash tag puts all keys into one slot. */
export interface Keys {
  readonly lease: string;
  readonly fence: string;
  readonly gate: string;
  readonly poll: string;
  readonly config: string;
  /** Channel for hints, which never carry data. */
  readonly changed: string;
}

/** All names of one prefix and namespace. */
export class Namespace {
  constructor(
    readonly prefix: string,
    readonly name: string,
  ) {}

  get shared(): Keys {
    return this.sharedAs("");
  }

  /** @param start - the beginning of each suffix. */
  sharedAs(start: string): Keys {
    return {
      lease: this.key(`${start}lease`),
      fence: this.key(`${start}fence`),
      gate: this.key(`${start}gate`),
      poll: this.key(`${start}poll`),
      config: this.key(`${start}config`),
      changed: this.key(`${start}changed`),
    };
  }

  /** Returns `<prefix>:{<namespace>}:v1:<suffix>`. All of these keys are in one slot. */
  key(suffix: string): string {
    return `${this.prefix}:{${this.name}}:${VERSION}:${suffix}`;
  }

  /**
   * Returns `<prefix>:{<namespace>:<digit>}:v1:<suffix>`, which spreads keys over 16 slots.
   *
   * @param digit - hexadecimal digit of a hash of the subject or exposure.
   */
  spreadKey(digit: string, suffix: string): string {
    return `${this.prefix}:{${this.name}:${digit}}:${VERSION}:${suffix}`;
  }
}

/**
 * Characters not allowed in a namespace or a prefix. A brace would change the slot, and a blank
 * would break a channel.
 */
export const UNSAFE_IN_KEYS: RegExp = /[{}\s]/;

/**
 * Returns the namespace of an origin's configuration in a namespace that users named:
 * `<namespace>-<12 hex digits>`, so that several origins can use the namespace.
 */
export function configurationNamespace({ name, prefix }: Namespace, source: string): Namespace {
  return new Namespace(prefix, `${name}-${source}`);
}

/** Returns 12 hex digits of an origin's scope, which is a hash of the dialect, the base URL and the key. */
export function sourceOf({ scope }: { readonly scope: string }): string {
  return scope.slice(0, 12);
}

/**
 * Returns the namespace of an origin: `<dialect>-<12 hex digits>`. Environments do not share it by
 * accident, because the scope is a hash of the dialect, the base URL and the key.
 */
export function namespaceOf(origin: {
  readonly dialect: { readonly name: string };
  readonly scope: string;
}): string {
  // The name of a user's dialect may contain anything.
  return `${encodeURIComponent(origin.dialect.name)}-${sourceOf(origin)}`;
}
