export interface RateLimits {
  /** Number of exceptions of one type that may be sent immediately. */
  readonly bucketSize: number;
  /** Number of additional exceptions per interval. */
  readonly refillRate: number;
}

const INTERVAL_MS = 10_000;
const MAX_TYPES = 1_000;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** Limits automatically captured exceptions with a token bucket per type. */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** Returns whether another exception of this type may be sent. */
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
    // The limit protects against programs that generate exception types.
    if (this.#buckets.size >= MAX_TYPES && oldest !== undefined) this.#buckets.delete(oldest);
    this.#buckets.set(type, bucket);
  }
}
