// biome-ignore-all lint/suspicious/noExplicitAny: what is compared
// biome-ignore-all lint/correctness/noUnusedPrivateClassMembers: a declaration uses none of them
export interface Result<T = any> {
  value: T;
  list: string[];
  parent?: Result<T> | undefined;
  addition?: string;
}
export interface Options {
  name: string;
  retries?: number | undefined;
  zone?: "us" | "eu" | undefined;
  onResult?: (result: Result, attempt: number) => void;
  nested?: { deep: boolean };
  addition?: number;
}
export declare enum Level {
  Low = 0,
  High = 1,
}
export declare class Client {
  #inner: string;
  level: Level;
  constructor(options?: Options | null);
  get(key: string, fallback?: string | null): Promise<Result>;
  all(): Record<string, Result>;
  child(): Client;
  log(message: string, context: unknown): void;
  remove(key: string): number;
  addition(): void;
}
export declare function start(options: Options): Client;
export declare function absent(): void;
