import type { ConfigurationOrigin, FetchResult } from "@sortition/core/source";

/** An origin whose key, address and timeout may be replaced while its client goes on. */
export class ReplaceableOrigin implements ConfigurationOrigin {
  readonly dialect: ConfigurationOrigin["dialect"];
  #origin: ConfigurationOrigin;
  /** What the client holds is that of another origin: its etags and bandits say nothing here. */
  #isNew = false;

  constructor(origin: ConfigurationOrigin) {
    this.dialect = origin.dialect;
    this.#origin = origin;
  }

  get scope(): string {
    return this.#origin.scope;
  }

  get requestTimeoutMs(): number | undefined {
    return this.#origin.requestTimeoutMs;
  }

  get lateHint(): string | undefined {
    return this.#origin.lateHint;
  }

  replace(origin: ConfigurationOrigin): void {
    if (origin.scope !== this.scope) this.#isNew = true;
    this.#origin.release?.();
    this.#origin = origin;
  }

  async fetchOnce(
    ...[current, options]: Parameters<ConfigurationOrigin["fetchOnce"]>
  ): Promise<FetchResult> {
    const origin = this.#origin;
    const isNew = this.#isNew;
    const result = await origin.fetchOnce(isNew ? null : current, options);
    // Replaced meanwhile, so that this is the answer of the former one.
    if (origin !== this.#origin) return this.fetchOnce(current, options);
    // Part of an update does not replace a whole configuration.
    if (isNew && current !== null && result.kind === "payloads" && result.failure !== undefined) {
      return { kind: "failed", failure: result.failure };
    }
    if (result.kind !== "failed") this.#isNew = false;
    return result;
  }

  release(): void {
    this.#origin.release?.();
  }
}
