// biome-ignore-all lint/correctness/noUnusedPrivateClassMembers: a declaration uses none of them
import type { Timer } from "./other.js";

export interface Options {
  apiKey: string;
  cache?: { max: number };
}
export declare class Client extends Timer {
  static readonly version: string;
  constructor(options: Options);
  get(key: string): Promise<Entry[]>;
  protected hidden: string;
  private secret: string;
  #inner: string;
}
interface Entry {
  key: string;
}
export declare function start(settings: { retries: number }): Client;
export type { Entry as Renamed };
