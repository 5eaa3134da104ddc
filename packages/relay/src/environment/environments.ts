import type { Environment } from "./environment.js";

/** The environments that the relay serves. A reload replaces them. */
export class Environments implements Iterable<Environment> {
  #byName: ReadonlyMap<string, Environment> = new Map();
  #default: Environment | null = null;

  constructor(all: readonly Environment[]) {
    this.replace(all);
  }

  /** Serves requests that name no environment: the default environment, or the only one. */
  get default(): Environment | null {
    return this.#default;
  }

  /** @param name - `undefined` if the request names no environment. */
  find(name: string | undefined): Environment | null {
    return name === undefined ? this.#default : (this.#byName.get(name) ?? null);
  }

  replace(all: readonly Environment[]): void {
    this.#byName = new Map(all.map((it) => [it.name, it]));
    const [only = null] = all.length === 1 ? all : [];
    this.#default = all.find(({ config }) => config.isDefault) ?? only;
  }

  [Symbol.iterator](): Iterator<Environment> {
    return this.#byName.values();
  }
}
