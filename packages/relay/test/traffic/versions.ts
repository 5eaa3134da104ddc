import { Configuration, createClient, type Dialect } from "@sortition/core";
import { split, type TestFlags } from "@sortition/testing";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** One published version of the flags, with its expected values. */
interface Version {
  readonly payload: string;
  variationOf(subject: string): string;
}

/**
 * Flags whose values name their version: in version 7, `checkout` returns `fast-v7` or `standard-v7`, and splits subjects
 * differently than version 6. Each response therefore shows its version, and a native client over that version checks it.
 */
export class Versions {
  readonly #flags: TestFlags;
  readonly #dialect: Dialect;
  readonly #all: Version[] = [];

  constructor(flags: TestFlags, dialect: Dialect) {
    this.#flags = flags;
    this.#dialect = dialect;
    this.publish();
  }

  /** Number of the newest version; the first one is 0. */
  get newest(): number {
    return this.#all.length - 1;
  }

  publish(): void {
    const number = this.#all.length;
    const [fast, standard] = [`fast-v${number}`, `standard-v${number}`];
    const share = 20 + (number % 7) * 10;
    this.#flags
      .string("checkout")
      .variations(fast, standard)
      .otherwise(split({ [fast]: share, [standard]: 100 - share }));
    const payload = this.#flags.payload();
    let client: ReturnType<typeof createClient> | null = null;
    this.#all.push({
      payload,
      variationOf: (subject) => {
        client ??= clientOf(this.#dialect, payload);
        return client.getStringAssignment("checkout", subject, {}, "none");
      },
    });
  }

  /** Returns the version that a value of `checkout` names, or -1 if that version returns another value for the subject. */
  ofValue(subject: string, value: unknown): number {
    const number = Number(/-v(\d+)$/.exec(String(value))?.[1] ?? -1);
    return this.#all[number]?.variationOf(subject) === value ? number : -1;
  }

  /** Returns the version whose payload is exactly this text, or -1. */
  ofPayload(text: string): number {
    const number = Number(/fast-v(\d+)/.exec(text)?.[1] ?? -1);
    return this.#all[number]?.payload === text ? number : -1;
  }
}

function clientOf(dialect: Dialect, payload: string): ReturnType<typeof createClient> {
  const payloads = { flags: Buffer.from(payload) };
  const initialConfiguration = Configuration.from({ dialect, payloads });
  return createClient({ dialect, initialConfiguration, diagnostics: SILENT });
}
