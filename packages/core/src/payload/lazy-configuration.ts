import type { CompileIssue, Configuration, PayloadSet } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { CompiledFlag } from "../model/flag.js";
import type { Steps } from "../model/steps.js";
import { revisionOf } from "../runtime/revision.js";
import type { LazyFlags } from "./lazy-flags.js";

/** A configuration whose flags, and the items that these share, are compiled on first use. */
export abstract class LazyConfiguration<Flag extends CompiledFlag<Extras>, Extras = unknown>
  implements Configuration<Extras>
{
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly environment = null;
  readonly bandits = null;
  readonly #flags: LazyFlags<Flag>;
  readonly #all: readonly LazyFlags<object>[];

  /** @param shared - items that flags share, such as segments. */
  constructor(
    { dialect, payloads }: Pick<Configuration, "dialect" | "payloads">,
    flags: LazyFlags<Flag>,
    shared: readonly LazyFlags<object>[],
  ) {
    this.dialect = dialect;
    this.payloads = payloads;
    this.#flags = flags;
    this.#all = [flags, ...shared];
  }

  get publishedAtMs(): number | null {
    return null;
  }

  get revision(): string {
    return revisionOf(this.payloads);
  }

  get flagKeys(): ReadonlySet<string> {
    return this.#flags.keys;
  }

  get issues(): readonly CompileIssue[] {
    return this.#all.flatMap((it) => it.issues);
  }

  get issueCount(): { readonly found: number; readonly complete: boolean } {
    const counts = this.#all.map((it) => it.issueCount);
    return {
      found: counts.reduce((sum, { found }) => sum + found, 0),
      complete: counts.every(({ complete }) => complete),
    };
  }

  isSameFlag(key: string, there: Configuration): boolean {
    if (!(#flags in there) || there.dialect.name !== this.dialect.name) return false;
    return this.#flags.isSame(key, there.#flags);
  }

  warm(keys?: readonly string[] | ReadonlySet<string>): void {
    this.#flags.warm(keys);
  }

  *inspect(): Steps<void> {
    for (const it of this.#all) yield* it.inspect();
  }

  /** Adopts what the previous configuration of this dialect compiled, and whose content is unchanged. */
  *adopt(former: Configuration | null): Steps<void> {
    if (former === null || !(#all in former)) return;
    for (const [i, it] of this.#all.entries()) yield* it.adopt(former.#all[i] ?? it);
  }

  flag(key: string): Flag | null {
    return this.#flags.flag(key);
  }
}
