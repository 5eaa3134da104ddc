/** A port. Its methods are called, so they are not options. */
export interface Store {
  get(key: string): string;
}

interface Shared {
  host?: string;
}

export interface Options extends Shared {
  retries?: number | null;
  backoff?: { minMs?: number; maxMs?: number };
  store?: Store;
  onError?: (error: Error) => void;
  headers?: Map<string, string>;
}

declare class Base {
  flush(timeoutMs?: number): Promise<void>;
}

export declare class Client extends Base {
  static create(options: Partial<Options>): Client;
  constructor(key: string, options?: Options);
  get(key: string, fallback?: boolean): boolean;
  get(user: { id: string; groups?: Record<string, string[]> }): boolean;
  protected inner(): void;
  readonly name: string;
}

export declare function init(options: Options): Client;

export declare const Factory: { start(key: string): Client };
