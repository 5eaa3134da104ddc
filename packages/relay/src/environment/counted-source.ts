import type { ConfigurationSource } from "@sortition/core";

/** Numbers of a source's attempts to fetch a configuration. */
export interface Attempts {
  readonly succeeded: number;
  readonly failed: number;
}

/** Wraps a source, and counts the attempts that it reports to its client. */
export function countedSource(source: ConfigurationSource): {
  readonly source: ConfigurationSource;
  readonly attempts: Attempts;
} {
  const attempts = { succeeded: 0, failed: 0 };
  const subscribe: ConfigurationSource["subscribe"] = (sink, context) =>
    source.subscribe(
      {
        prepare: (payloads) => sink.prepare(payloads),
        offer: (payloads, age) => sink.offer(payloads, age),
        ...(sink.install !== undefined && { install: (it) => sink.install?.(it) }),
        confirmed: (age) => sink.confirmed(age),
        failed(failure, next) {
          attempts.failed += 1;
          sink.failed(failure, next);
        },
        scheduled(next) {
          attempts.succeeded += 1;
          sink.scheduled(next);
        },
        idle: () => sink.idle(),
        ...(sink.paused !== undefined && { paused: (it) => sink.paused?.(it) }),
      },
      context,
    );
  // Inherits the getters of the source.
  const counted: ConfigurationSource = Object.create(source, { subscribe: { value: subscribe } });
  return { source: counted, attempts };
}
