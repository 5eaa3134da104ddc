import { inspect } from "node:util";
import {
  Configuration,
  type ConfigurationSource,
  createClient,
  OptionError,
  type PayloadSet,
} from "@sortition/core";
import type { Dialect } from "@sortition/core/dialect";
import type { SourceContext, SourceSink } from "@sortition/core/internal";
import { isInPart } from "@sortition/test-kit";
import { expect } from "vitest";
import { HOSTILE_VALUES } from "../fuzz/hostile-values.js";
import { pathsOf } from "../fuzz/json-path.js";
import type { DialectCheck } from "./check.js";
import { askDetails } from "./getters.js";
import { bodiesOf, clientOf, compile, mutatedBodies, payloadsOf } from "./payloads.js";

/** Rules about received payloads and prepared content. */
export const PRIVACY: readonly DialectCheck[] = [
  {
    name: "keeps payloads as they were received",
    async check(harness) {
      const payloads = payloadsOf(await bodiesOf(harness, harness.documents));
      const before = payloads.map(({ bytes }) => bytes.slice());
      const configuration = await compile(harness.createDialect(), payloads);
      expect(configuration.payloads).toEqual(payloads);
      expect(configuration.payloads.map(({ bytes }) => bytes)).toEqual(before);
    },
  },
  {
    name: "allows a client to confirm equal bytes by their etags, and prepares them once",
    async check(harness) {
      let prepared = 0;
      const inner = harness.createDialect();
      const prepare = inner.prepare?.bind(inner);
      const counting: Dialect =
        prepare === undefined
          ? inner
          : {
              ...inner,
              prepare: (payloads) => {
                prepared += 1;
                return prepare(payloads);
              },
            };
      const { client, context, sink } = connect(counting);
      const received = payloadsOf(await bodiesOf(harness, harness.documents));
      expect(await sink.offer(received)).toEqual({ outcome: "applied" });
      expect(context.current()).toEqual(received);
      const again = received.map((payload) => ({ ...payload, bytes: payload.bytes.slice() }));
      expect(await sink.offer(again)).toEqual({ outcome: "unchanged" });
      expect(prepared).toBeLessThanOrEqual(1);
      await client.close({ timeoutMs: 0 });
    },
  },
  {
    name: "rejects Configuration.from if it must prepare payloads, and loads the same payloads",
    async check(harness) {
      const dialect = harness.createDialect();
      const payloads = await bodiesOf(harness, harness.documents);
      const loaded = await Configuration.load({ dialect, payloads });
      expect(loaded.payloads.map(({ bytes }) => bytes)).toEqual(Object.values(payloads));
      if (dialect.prepare === undefined) {
        expect(Configuration.from({ dialect, payloads }).revision).toBe(loaded.revision);
        return;
      }
      expect(() => Configuration.from({ dialect, payloads })).toThrow(OptionError);
      expect(() => Configuration.from({ dialect, payloads })).toThrow("Configuration.load");
    },
  },
  {
    name: "reveals prepared content in no payload, message or error",
    async check(harness) {
      const { confidential = [], documents } = harness;
      if (confidential.length === 0) return;
      for (const shown of await shownBy(harness)) {
        for (const secret of confidential) expect(shown).not.toContain(secret);
      }
      for (const [part, bytes] of Object.entries(await bodiesOf(harness, documents))) {
        const text = new TextDecoder("latin1").decode(bytes);
        for (const secret of confidential) expect(`${part}: ${text}`).not.toContain(secret);
      }
    },
  },
];

/**
 * Collects everything that is printed about damaged payloads: errors, issues, details, payloads.
 */
async function shownBy(harness: Parameters<DialectCheck["check"]>[0]): Promise<string[]> {
  const shown: string[] = [];
  const print = (value: unknown): void => {
    shown.push(inspect(value, { depth: 6, maxArrayLength: 1_000_000 }));
    if (value instanceof Error) shown.push(value.message);
  };
  const values = HOSTILE_VALUES.filter(({ name }) =>
    /^(null|removed|object without string form)$/.test(name),
  );
  for (const [part, document] of Object.entries(harness.documents)) {
    for (const [row, path] of pathsOf(document).entries()) {
      for (const value of values.filter((_, column) => isInPart(row, column))) {
        const payloads = payloadsOf(await mutatedBodies(harness, part, { path, value }));
        await compile(harness.createDialect(), payloads).then((configuration) => {
          print(configuration.issues);
          print(textsOf(configuration.payloads));
          const client = clientOf(configuration);
          for (const call of harness.calls) askDetails(client, call);
        }, print);
      }
    }
  }
  return shown;
}

function textsOf(payloads: PayloadSet): string[] {
  return payloads.map(({ bytes }) => new TextDecoder("latin1").decode(bytes));
}

/** Creates a client with a source that does nothing by itself. */
function connect(dialect: Dialect) {
  let connected: { readonly sink: SourceSink; readonly context: SourceContext } | null = null;
  const source: ConfigurationSource = {
    kind: "polling",
    intervalMs: null,
    dialect,
    subscribe(sink, context) {
      connected = { sink, context };
      return { end: async () => {} };
    },
    refresh: async () => ({ outcome: "unchanged" }),
  };
  const client = createClient({
    dialect,
    source,
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
  });
  if (connected === null) throw new Error("the client did not subscribe");
  const { sink, context } = connected as { sink: SourceSink; context: SourceContext };
  return { client, sink, context };
}
