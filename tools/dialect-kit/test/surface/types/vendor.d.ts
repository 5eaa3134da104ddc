// biome-ignore-all lint/suspicious/noExplicitAny: what is compared
export interface Result<T = any> {
  value: T;
  list: string[];
  parent?: Result<T>;
}
export interface Options {
  name: string;
  retries?: number;
  zone?: "us" | "eu";
  onResult?: (result: Result, attempt: number) => void;
  nested?: { deep: boolean };
}
export declare enum Level {
  Low = 0,
  High = 1,
}
export declare class Client {
  level: Level;
  constructor(options?: Options);
  get(key: string, fallback?: string): Promise<Result>;
  all(): Record<string, Result>;
  child(): Client;
  log(message: string, context: any): void;
  remove(key: string): void;
  private secret: string;
}
export declare function start(options: Options): Client;
export declare function absent(): void;
