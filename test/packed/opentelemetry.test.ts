import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { installTools } from "../../scripts/tools.mjs";
import { makeProject, placeLibraries } from "./project.ts";
import { run } from "./run.ts";
import { newestOf, versionsOf } from "./versions.ts";

const consumer = inject("consumer");
const nodes = inject("nodes");

/** Packages of an application with tracing. */
const APPLICATION = {
  "@opentelemetry/api": versionsOf("OpenTelemetry")[0],
  "@opentelemetry/instrumentation-http": "0.205.0",
  "@opentelemetry/sdk-node": "0.205.0",
  express: newestOf("Express"),
};

const flag = (key: string, enabled: boolean): object => ({
  ...{ key, enabled, variationType: "BOOLEAN", totalShards: 10 },
  variations: { on: { key: "on", value: true } },
  allocations: [{ key: "all", doLog: true, splits: [{ variationKey: "on", shards: [] }] }],
});
const CONFIGURATION = JSON.stringify({
  ...{ createdAt: "2026-01-15T09:00:00.000Z", format: "SERVER", environment: { name: "Test" } },
  flags: { checkout: flag("checkout", true), disabled: flag("disabled", false) },
});

/** The SDK starts first, so that it instruments `http` before Express loads it. */
const program = (load: "import" | "require"): string => `
(async () => {
  const load = (name) => ${load}(name);
  const { HttpInstrumentation } = await load("@opentelemetry/instrumentation-http");
  const { NodeSDK, tracing } = await load("@opentelemetry/sdk-node");
  const exporter = new tracing.InMemorySpanExporter();
  new NodeSDK({
    autoDetectResources: false,
    instrumentations: [new HttpInstrumentation()],
    spanProcessors: [new tracing.SimpleSpanProcessor(exporter)],
  }).start();

  const { Configuration, createClient } = await load("@sortition/core");
  const { eppo } = await load("@sortition/core/eppo");
  const { openTelemetry } = await load("@sortition/opentelemetry");
  const payloads = { flags: ${JSON.stringify(CONFIGURATION)} };
  const client = createClient({
    initialConfiguration: Configuration.from({ dialect: eppo(), payloads }),
    assignmentLogger: null,
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    onEvaluation: openTelemetry(),
  });

  const module = await load("express");
  const app = (module.default ?? module)();
  app.get("/", (request, response) => {
    for (const key of ["checkout", "disabled", "absent"]) client.getBooleanAssignment(key, "alice", {}, false);
    response.send("ok");
  });
  const server = app.listen(0, "127.0.0.1", async () => {
    await (await fetch("http://127.0.0.1:" + server.address().port + "/")).text();
    server.close(() => {
      const [span] = exporter.getFinishedSpans().filter(({ kind }) => kind === 1);
      console.log(JSON.stringify({ name: span.name, attributes: span.attributes }));
    });
  });
})();
`;

const SPAN = {
  name: "GET",
  attributes: {
    "http.method": "GET",
    "feature_flag.checkout.variant": "on",
    "feature_flag.disabled.variant": "disabled",
    "feature_flag.absent.variant": "flag_not_found",
  },
};

/** A project with these libraries, and with our packages, which import `@opentelemetry/api`, next to them. */
function makeApplication(texts: Readonly<Record<string, string>>): string {
  const cwd = makeProject(consumer, {}, texts);
  const tools = installTools("opentelemetry", APPLICATION);
  const libraries = ["@opentelemetry", "express"].map((name) => [
    name,
    join(tools, "node_modules", name),
  ]);
  placeLibraries(consumer, cwd, ["core", "opentelemetry"], Object.fromEntries(libraries));
  return cwd;
}

describe("the span of an Express request", () => {
  it.each(nodes)(
    "contains its flags in an ES module and in CommonJS on Node $version",
    async (node) => {
      const cwd = makeApplication({
        "program.mjs": program("import"),
        "program.cjs": program("require"),
      });
      for (const file of ["program.mjs", "program.cjs"]) {
        const { exitCode, stderr, stdout } = await run(node.file, [file], { cwd });
        expect({ file, exitCode, stderr }).toEqual({ file, exitCode: 0, stderr: "" });
        const { attributes, name } = JSON.parse(stdout) as { attributes: object; name: string };
        // The other attributes describe the connection, such as its port.
        const stable = Object.entries(attributes).filter(
          ([key]) => key.startsWith("feature_flag.") || key === "http.method",
        );
        expect({ name, attributes: Object.fromEntries(stable) }).toEqual(SPAN);
      }
    },
  );
});
