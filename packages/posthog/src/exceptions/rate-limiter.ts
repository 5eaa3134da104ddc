/** Tokens of each type of exception, and how fast they come back. */
export interface RateLimits {
  /** Exceptions of one type that are sent at once. */
  readonly bucketSize: number;
  /** Further ones in each interval. */
  readonly refillRate: number;
}

const INTERVAL_MS = 10_000;
const MAX_TYPES = 1_000;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Limits exceptions that are captured automatically: a token bucket for each type. */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** Whether one more exception of this type may be sent. */
  allows(type: string, nowMs: number): boolean {
    const { bucketSize, refillRate } = this.#limits;
    const bucket = this.#buckets.get(type) ?? { tokens: bucketSize, filledAtMs: nowMs };
    if (!this.#buckets.has(type)) this.#add(type, bucket);
    const intervals = Math.floor((nowMs - bucket.filledAtMs) / INTERVAL_MS);
    if (intervals > 0) {
      bucket.tokens = Math.min(bucketSize, bucket.tokens + intervals * refillRate);
      bucket.filledAtMs += intervals * INTERVAL_MS;
    }
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #add(type: string, bucket: Bucket): void {
    const [oldest] = this.#buckets.keys();
    // A program that makes up types must not fill the memory.
    if (this.#buckets.size >= MAX_TYPES && oldest !== undefined) this.#buckets.delete(oldest);
    this.#buckets.set(type, bucket);
  }
}
