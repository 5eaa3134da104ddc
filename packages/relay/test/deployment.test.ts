import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import type { RelayConfig } from "../src/config/config.js";
import { urlOf } from "../src/config/listen.js";
import { readConfig } from "../src/config/read-config.js";
import { serverOf } from "./formats.js";
import { ENVIRONMENTS, relayOf } from "./start.js";

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

/** Returns the documents of a YAML file. */
function documentsOf(path: string): readonly unknown[] {
  return parseAllDocuments(read(path), { merge: true }).map((it) => {
    expect(it.errors).toEqual([]);
    return it.toJS();
  });
}

function configOf(content: string): RelayConfig {
  return readConfig(JSON.parse(content), { variables: {}, onUnsetSecret: () => {} });
}

/** Returns the names of the relay's metrics in a Prometheus expression. */
function metricsIn(text: string): readonly string[] {
  return [...text.matchAll(/\b(?:sortition_relay|nodejs_eventloop)_\w+/g)].map(([name]) => name);
}

describe("docs/relay", () => {
  it("queries metrics that the relay has", async () => {
    const { server } = await serverOf("Eppo");
    const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
    const text = await (await fetch(`${urlOf(relay.adminAddress)}/metrics`)).text();
    const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const used = [
      ...metricsIn(read("docs/relay/alerts.yaml")),
      ...metricsIn(read("docs/relay/dashboard.json")),
    ];
    expect(used.length).toBeGreaterThan(15);
    expect(used.filter((it) => !known.has(it.replace(/_bucket$/, "")))).toEqual([]);
  });

  it("has alerts that explain what to do", () => {
    const [rules] = documentsOf("docs/relay/alerts.yaml") as readonly [
      { readonly groups: readonly { readonly rules: readonly Record<string, unknown>[] }[] },
    ];
    const all = rules.groups.flatMap((group) => group.rules);
    expect(all.length).toBeGreaterThan(4);
    for (const rule of all) {
      expect(rule).toMatchObject({
        alert: expect.stringMatching(/^SortitionRelay/),
        expr: expect.any(String),
        annotations: { summary: expect.any(String), action: expect.any(String) },
      });
    }
  });

  it("has a Kubernetes manifest whose configuration is valid, and whose grace period covers the drain", () => {
    const documents = documentsOf("docs/relay/kubernetes.yaml") as readonly Manifest[];
    const kinds = documents.map(({ kind }) => kind);
    expect(kinds).toEqual(["ConfigMap", "Deployment", "Service", "PodDisruptionBudget"]);
    const content = documents[0]?.data?.["relay.json"] ?? "";
    const graceSeconds = documents[1]?.spec?.template?.spec.terminationGracePeriodSeconds ?? 0;
    expect(graceSeconds * 1_000).toBeGreaterThan(configOf(content).drainMs + END_MS + PRE_STOP_MS);
  });

  it("has a compose file with two replicas and a Redis", () => {
    const [compose] = documentsOf("packages/relay/compose.yaml") as readonly [Compose];
    expect(Object.keys(compose.services)).toEqual(["redis", "relay-1", "relay-2"]);
    const { drainMs } = configOf(compose.configs.relay.content);
    const grace = compose.services["relay-1"]?.stop_grace_period ?? "";
    expect(Number.parseInt(grace, 10) * 1_000).toBeGreaterThan(drainMs + END_MS);
  });

  it("has a Collector that scrapes both replicas of the compose file", () => {
    const [collector] = documentsOf("docs/relay/collector.yaml") as readonly [Collector];
    const [job] = collector.receivers.prometheus.config.scrape_configs;
    expect(job?.basic_auth.password).toMatch(/^\$\{env:RELAY_PASSWORD\}$/);
    expect(job?.static_configs).toEqual([{ targets: ["relay-1:9090", "relay-2:9090"] }]);
    const { metrics } = collector.service.pipelines;
    for (const kind of ["receivers", "processors", "exporters"] as const) {
      expect(Object.keys(collector[kind])).toEqual(metrics[kind]);
    }
  });
});

/** Maximum time that a relay needs after its drain. */
const END_MS = 4_500;
const PRE_STOP_MS = 5_000;

/** The parts of a Kubernetes object that are checked. */
interface Manifest {
  readonly kind: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: { readonly spec: { readonly terminationGracePeriodSeconds: number } };
  };
}

interface Compose {
  readonly services: Readonly<Record<string, { readonly stop_grace_period?: string }>>;
  readonly configs: { readonly relay: { readonly content: string } };
}

type ComponentKind = "receivers" | "processors" | "exporters";

interface Collector extends Readonly<Record<ComponentKind, object>> {
  readonly receivers: {
    readonly prometheus: {
      readonly config: {
        readonly scrape_configs: readonly {
          readonly basic_auth: { readonly password: string };
          readonly static_configs: readonly object[];
        }[];
      };
    };
  };
  readonly service: {
    readonly pipelines: { readonly metrics: Readonly<Record<ComponentKind, readonly string[]>> };
  };
}
