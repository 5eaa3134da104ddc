import { describe, expect, inject, it } from "vitest";
import { freePort } from "../../tools/test-kit/src/redis/port.ts";
import { createApplication, type Texts, writeFiles } from "./applications/application.ts";
import { exerciseRoutes, expectOwnTokens } from "./applications/route-requests.ts";
import { PROGRAMS, startShop } from "./applications/shop.ts";
import { run } from "./run.ts";
import { newestOf, versionsOf } from "./versions.ts";

/** A framework that builds its server. */
interface BuiltHost {
  readonly name: string;
  readonly packages: Texts;
  readonly files: Texts;
  /** Arguments of Node. */
  readonly build: readonly string[];
  readonly start: readonly string[];
  /** Paths that change their visitor. */
  readonly visits: readonly string[];
}

const REACT: Texts = { react: newestOf("React"), "react-dom": newestOf("React") };

const nextCommand = "node_modules/next/dist/bin/next";
const next = versionsOf("Next").map((version) => ({
  name: `Next ${version}`,
  packages: { ...REACT, next: version },
  build: [nextCommand, "build"],
  start: [nextCommand, "start"],
  visits: ["/visits", "/handler"],
  files: {
    "app/layout.jsx": `
      export default ({ children }) => <html lang="en"><body>{children}</body></html>;`,
    "app/api/[...path]/route.js": `
      const all = (request) => globalThis.shop.answer(request);
      export { all as GET, all as POST };`,
    "app/web.js": `
      import { cookies, headers } from "next/headers";
      export const web = () => globalThis.shop.webOf({
        subject: async () => ({ subjectKey: (await cookies()).get("uid")?.value }),
        requestKey: () => headers(),
      });
      export async function login(form) {
        const user = form.get("user");
        if (user) (await cookies()).set("uid", user);
        else (await cookies()).delete("uid");
      }`,
    "app/handler/route.js": `
      import { login, web } from "../web";
      export async function POST(request) {
        const form = await request.formData();
        return new Response(await globalThis.shop.visit(web(), () => login(form)));
      }`,
    "app/visits/page.jsx": `
      import { revalidatePath } from "next/cache";
      import { login, web } from "../web";
      const { flags, snapshot } = globalThis.shop ? web() : {};
      export const dynamic = "force-dynamic";
      export default async function Page() {
        async function act(form) {
          "use server";
          await flags();
          await login(form);
          revalidatePath("/visits");
        }
        const { token } = await snapshot({ checkout: "none" });
        return <form action={act}><input name="user" />{token}</form>;
      }`,
  },
}));

const reactRouter = versionsOf("React Router").map((version) => ({
  name: `React Router ${version}`,
  packages: {
    ...REACT,
    "@react-router/dev": version,
    "@react-router/node": version,
    "@react-router/serve": version,
    isbot: "5.2.3",
    "react-router": version,
    typescript: "5.9.3",
    vite: "7.3.8",
  },
  build: ["node_modules/.bin/react-router", "build"],
  start: ["node_modules/.bin/react-router-serve", "build/server/index.js"],
  visits: ["/visits"],
  files: {
    "vite.config.js": `
      import { reactRouter } from "@react-router/dev/vite";
      export default { plugins: [reactRouter()] };`,
    "app/root.jsx": `
      import { Outlet } from "react-router";
      export default () => <html lang="en"><body><Outlet /></body></html>;`,
    "app/routes.ts": `
      import { route } from "@react-router/dev/routes";
      export default [route("api/*", "api.js"), route("visits", "visits.jsx")];`,
    "app/api.js": `
      const all = ({ request }) => globalThis.shop.answer(request);
      export { all as loader, all as action };`,
    "app/visits.jsx": `
      import { useLoaderData } from "react-router";
      let user;
      const web = globalThis.shop?.webOf({
        subject: () => ({ subjectKey: user }),
        requestKey: ({ context }) => context,
      });
      export async function action(args) {
        user = "alice";
        await web.flags(args);
        user = (await args.request.formData()).get("user");
        return null;
      }
      export const loader = async (args) => (await web.snapshot({ checkout: "none" }, args)).token;
      export default () => <p>{useLoaderData()}</p>;`,
  },
}));

const BUILT_HOSTS: readonly BuiltHost[] = [
  ...next,
  ...reactRouter,
  {
    name: "SvelteKit",
    packages: {
      "@sveltejs/adapter-node": "5.5.7",
      "@sveltejs/kit": newestOf("SvelteKit"),
      "@sveltejs/vite-plugin-svelte": "6.2.4",
      svelte: "5.57.3",
      vite: "7.3.8",
    },
    build: ["node_modules/vite/bin/vite.js", "build"],
    start: ["build"],
    visits: ["/visits"],
    files: {
      "svelte.config.js": `
        import adapter from "@sveltejs/adapter-node";
        export default { kit: { adapter: adapter() } };`,
      "vite.config.js": `
        import { sveltekit } from "@sveltejs/kit/vite";
        export default { plugins: [sveltekit()] };`,
      "src/app.html": "<head>%sveltekit.head%</head><body>%sveltekit.body%</body>",
      "src/hooks.server.js": `
        const web = globalThis.shop?.webOf({ subject: ({ locals }) => ({ subjectKey: locals.user }) });
        export async function handle({ event, resolve }) {
          event.locals = { user: "alice", web };
          await web.flags(event);
          return await resolve(event);
        }`,
      "src/routes/api/[...path]/+server.js": `
        const all = ({ request }) => globalThis.shop.answer(request);
        export { all as GET, all as POST };`,
      "src/routes/visits/+server.js": `
        export async function POST(event) {
          const user = (await event.request.formData()).get("user");
          const login = () => void (event.locals.user = user);
          return new Response(await globalThis.shop.visit(event.locals.web, login, event));
        }`,
    },
  },
  {
    name: "Astro",
    packages: { astro: newestOf("Astro"), "@astrojs/node": "11.1.6" },
    build: ["node_modules/astro/bin/astro.mjs", "build"],
    start: ["dist/server/entry.mjs"],
    visits: [],
    files: {
      "astro.config.mjs": `
        import node from "@astrojs/node";
        export default { output: "server", adapter: node({ mode: "standalone" }) };`,
      "src/pages/api/[...path].js": `
        export const ALL = ({ request }) => globalThis.shop.answer(request);`,
    },
  },
];

const QUIET = { NEXT_TELEMETRY_DISABLED: "1", ASTRO_TELEMETRY_DISABLED: "1" };

describe.each(BUILT_HOSTS)(
  "the routes of a page in $name",
  ({ build, files, packages, start: args, visits }) => {
    const folder = createApplication(packages);

    it("answer every request, count every exposure, and follow the visitor", async () => {
      const file = inject("nodes").at(-1)?.file ?? "";
      writeFiles(folder, { ...files, "shop.mjs": PROGRAMS["shop.mjs"] ?? "" });
      const built = await run(file, build, { cwd: folder, env: QUIET });
      expect(built.exitCode, built.stdout + built.stderr).toBe(0);
      const PORT = `${await freePort()}`;
      const url = `http://127.0.0.1:${PORT}`;
      const variables = { HOST: "127.0.0.1", HOSTNAME: "127.0.0.1", ORIGIN: url, PORT, ...QUIET };
      const shop = await startShop(folder, args, variables, file);
      const isUp = () =>
        fetch(`${url}/api/overrides`).then(
          (it) => it.ok,
          () => false,
        );
      await expect.poll(isUp).toBe(true);
      await exerciseRoutes({ ...shop, hasForms: true, keepsBodies: false, url });
      for (const path of visits) await expectOwnTokens(shop, url, path);
    });
  },
);
