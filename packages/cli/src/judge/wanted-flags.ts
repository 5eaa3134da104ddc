import type { Configuration } from "@sortition/core";
import type { Explainer } from "@sortition/core/dialect";
import { UsageError } from "../errors.js";
import { countText } from "../text/values.js";
import type { ExperimentNames } from "./experiment-names.js";
import { noSuchFlag } from "./no-such-flag.js";

/** A configuration and how to look up its flags. */
export interface NamedConfiguration {
  readonly configuration: Configuration;
  readonly explainer: Explainer;
}

/** @throws UsageError */
export function wantedFlagsOf(given: ReadonlyMap<string, string>): WantedFlags | null {
  const names = given.get("flags");
  return names === undefined ? null : new WantedFlags(names);
}

/** Maximum number of keys whose results are remembered. */
const MAX_KNOWN = 10_000;

/** The flags that `--flags` names. */
export class WantedFlags {
  readonly #patterns: readonly { readonly text: string; readonly regex: RegExp | null }[];
  readonly #known = new Map<string, boolean>();
  #skipped = 0;

  /** @throws UsageError */
  constructor(text: string) {
    const names = text.split(",").map((name) => name.trim());
    if (names.includes("")) {
      throw new UsageError("--flags: expected flag keys, e.g. checkout,search-*");
    }
    this.#patterns = names.map((name) => ({ text: name, regex: regexOf(name) }));
  }

  has(key: string): boolean {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const isWanted = this.#patterns.some(({ regex, text }) => regex?.test(key) ?? text === key);
    if (this.#known.size < MAX_KNOWN) this.#known.set(key, isWanted);
    return isWanted;
  }

  /** Describes the exposures that were skipped. */
  get skippedText(): string {
    return `skipped ${countText(this.#skipped, "exposure")} of other flags`;
  }

  /**
   * Whether an exposure is of a wanted flag, or of an experiment that a wanted flag runs. Others are counted as skipped.
   *
   * @param flagsOf - finds the flags that run an experiment.
   */
  hasExposure(
    { experiment, flag }: { readonly flag: string | null; readonly experiment: string | null },
    flagsOf: ExperimentNames["flagsOf"],
  ): boolean {
    const name = flag ?? `${experiment}`;
    const flags = flag === null ? flagsOf(name) : [];
    const isWanted = flags.length === 0 ? this.has(name) : flags.some((it) => this.has(it.flag));
    if (!isWanted) this.#skipped += 1;
    return isWanted;
  }

  /**
   * The wanted keys of configurations.
   *
   * @throws UsageError for a name or a pattern that matches none of their flags.
   */
  keysIn(sides: readonly NamedConfiguration[]): readonly string[] {
    // Hashed keys are only known if they are named.
    const readable = sides.flatMap(({ configuration: it }) =>
      [...it.flagKeys].filter((key) => it.flag(key) !== null),
    );
    const isThere = (key: string): boolean =>
      sides.some(
        ({ configuration, explainer }) => explainer.payloadKey(configuration, key) !== null,
      );
    const keys = this.#patterns.flatMap(({ regex, text }) => {
      if (regex === null) {
        if (isThere(text)) return [text];
        throw noSuchFlag(text, sides.at(-1)?.configuration.flagKeys ?? []);
      }
      const found = readable.filter((key) => regex.test(key));
      if (found.length > 0) return found;
      throw new UsageError(`--flags: no flag of the configuration matches ${JSON.stringify(text)}`);
    });
    return [...new Set(keys)];
  }
}

/** A regular expression for a pattern; `null` for a name. */
function regexOf(name: string): RegExp | null {
  if (!name.includes("*")) return null;
  const parts = name.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}
