import type { ConfigurationSource, Dialect } from "@sortition/core/internal";
import type { FakeClock } from "@sortition/test-kit";

/** A source under test. Its origin initially has the content `first`. */
export interface SourceUnderTest {
  readonly source: ConfigurationSource;
  /**
   * Replaces the content of the origin, which also ends a failure. The source finds it at its next
   * attempt. Absent: the content never changes.
   */
  publish?(content: string): void | Promise<void>;
  /** Makes the origin fail until something is published. Absent: the origin cannot fail. */
  fail?(): void | Promise<void>;
  /** Disposes of everything that belongs to the test. */
  dispose?(): void | Promise<void>;
}

/** What the source contract needs to know about a source. */
export interface SourceHarness {
  readonly name: string;
  /** The dialect of the clients. Sources do not use its members. */
  readonly dialect: Dialect;
  create(clock: FakeClock): SourceUnderTest | Promise<SourceUnderTest>;
  /** The first offered content. Default: `first`. */
  readonly firstContent?: string;
  /** How long ago the origin confirmed the first content, ms. Default: 0. */
  readonly firstAgeMs?: number;
  /** The etag that the origin sends. Default: none. */
  readonly etag?: string;
}
