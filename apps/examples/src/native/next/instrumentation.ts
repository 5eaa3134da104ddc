// instrumentation.ts of a Next application: Next calls `register` once, when a server process starts.
// In next.config, set `serverExternalPackages: ["@sortition/node"]`, so that routes do not bundle a copy
// of the package. For production: set EPPO_API_KEY, and leave EPPO_BASE_URL unset.

export async function register(): Promise<void> {
  // Next calls it for the edge runtime too, which has neither undici nor long-lived processes.
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { init } = await import("@sortition/node");
  const { after } = await import("next/server");
  await init({
    apiKey: process.env["EPPO_API_KEY"] ?? "example",
    baseUrl: process.env["EPPO_BASE_URL"],
    assignmentLogger: {
      logAssignment: ({ subject, variation }) => console.log(`logged: ${subject} has ${variation}`),
    },
    // At SIGTERM, Next finishes requests and what they passed to `after`. A shutdown hook would close the
    // client while requests still evaluate flags.
    waitUntil(delivered) {
      try {
        after(() => delivered);
      } catch {
        // Outside of a request, `after` throws, and there is nothing that Next would wait for.
      }
    },
  });
}
