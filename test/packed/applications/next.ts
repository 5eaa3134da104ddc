import { type RunResult, run } from "../run.ts";
import { newestOf } from "../versions.ts";
import { createApplication, type RunningApplication, start, type Texts } from "./application.ts";

/** Next's bundlers. */
export type Bundler = "--turbopack" | "--webpack";

const next = "node_modules/next/dist/bin/next";
const QUIET = { NEXT_TELEMETRY_DISABLED: "1" };

/** Settings that save time: one build checks types, and only webpack would minify and trace files for half of its time. */
const WITHOUT_TYPES = "typescript: { ignoreBuildErrors: true },";
const SETTINGS: Readonly<Record<Bundler, string>> = {
  "--turbopack": "",
  "--webpack": `
    ${WITHOUT_TYPES}
    outputFileTracingExcludes: { "**": ["**"] },
    webpack: (config) => ({ ...config, optimization: { ...config.optimization, minimize: false } }),`,
};

/** Returns the configuration of Next that our guide asks for. */
export function configuration(settings: Bundler | "untyped"): Texts {
  const more = settings === "untyped" ? WITHOUT_TYPES : SETTINGS[settings];
  return {
    "next.config.ts": `export default { serverExternalPackages: ["@sortition/node"], ${more} };`,
  };
}

/** Creates an empty project with Next and our packages. */
export function createNextApplication(): string {
  return createApplication({
    "@types/react": "19.3.0",
    "@types/react-dom": "19.3.0",
    flags: newestOf("Vercel's flags"),
    next: newestOf("Next"),
    react: newestOf("React"),
    "react-dom": newestOf("React"),
    typescript: "5.9.3",
  });
}

/** Builds an application with Next. */
export function build(cwd: string, bundler: Bundler, variables: Texts): Promise<RunResult> {
  const env = { ...variables, ...QUIET };
  return run(process.execPath, [next, "build", bundler], { cwd, env });
}

/** Starts a built application. */
export async function startNext(cwd: string, variables: Texts): Promise<RunningApplication> {
  const args = [next, "start", "--port", "0", "--hostname", "127.0.0.1"];
  const running = await start(cwd, args, { ...variables, ...QUIET });
  await running.outputs("Ready in");
  return running;
}
