import type { ConfigurationOrigin, FetchResult } from "@sortition/core/internal";

/** An origin whose key, address and time-out can be replaced while its client keeps running. */
export class ReplaceableOrigin implements ConfigurationOrigin {
  readonly dialect: ConfigurationOrigin["dialect"];
  #origin: ConfigurationOrigin;
  /**
   * Whether the client's payloads are from another origin, whose etags and bandits do not apply
   * here.
   */
  #isNew = false;
  /** Whether to request models regardless of their versions. */
  #isRestarted = false;

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

  /** Quirk: the next fetch also requests bandit models that are already loaded (eppo). */
  restart(): void {
    this.#isRestarted = true;
  }

  async fetchOnce(
    ...[current, options]: Parameters<ConfigurationOrigin["fetchOnce"]>
  ): Promise<FetchResult> {
    const origin = this.#origin;
    const isNew = this.#isNew;
    const isRestarted = this.#isRestarted;
    const asked = isRestarted ? current?.filter(({ part }) => part !== "bandits") : current;
    const result = await origin.fetchOnce((!isNew && asked) || null, options);
    // The origin was replaced in the meantime, so this is the previous one's response.
    if (origin !== this.#origin) return this.fetchOnce(current, options);
    // Part of an update does not replace a whole configuration.
    if (isNew && current !== null && result.kind === "payloads" && result.failure !== undefined) {
      return { kind: "failed", failure: result.failure };
    }
    if (result.kind === "failed") return result;
    this.#isNew = false;
    if (isRestarted) this.#isRestarted = false;
    if (result.kind === "unchanged" || isNew || !isRestarted) return result;
    // A response without models keeps the loaded models.
    const all = [...(current ?? []), ...result.payloads];
    return { ...result, payloads: [...new Map(all.map((it) => [it.part, it])).values()] };
  }

  release(): void {
    this.#origin.release?.();
  }
}
