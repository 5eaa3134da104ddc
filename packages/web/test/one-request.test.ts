import type { Client } from "@sortition/core";
import { testFlags } from "@sortition/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { sealOverrides, type WebFlagsOptions, type WebSubject, webFlags } from "../src/server.js";
import { describeFlags, loggedClient } from "./support/flags.js";
import { postShown } from "./support/post.js";
import { newSecret } from "./support/secrets.js";

const SEAL = { audience: "shop-test", secrets: [newSecret()] };
const DEFAULTS = { checkout: "none" } as const;

type ShopFlags = { checkout: { string: "fast" | "standard"; default?: "none" } };

/** The request that a loader of React Router gets. Each loader gets its own `Request`, but the same context. */
interface Loader {
  readonly request: Request;
  readonly context: object;
}

function newRequest(cookie = ""): Request {
  return new Request("https://shop.example/", { headers: { cookie } });
}

/** A shop whose visitors get `fast` until its configuration changes. */
function shop() {
  const flags = testFlags();
  describeFlags(flags, { fast: 100, standard: 0 });
  return { ...loggedClient(flags), change: () => describeFlags(flags, { fast: 0, standard: 100 }) };
}

function webOf<Visit>(
  client: Client,
  options: Pick<WebFlagsOptions<Visit>, "subject" | "requestKey">,
) {
  return webFlags<ShopFlags, Visit>({
    client,
    ...SEAL,
    ...options,
  });
}

/** Each way to call `flags` and `snapshot` of one request, and of the next one. */
const WAYS: readonly {
  readonly name: string;
  readonly callsOf: (client: Client) => (count: number) => ReturnType<typeof calls>;
}[] = [
  {
    name: "the request",
    callsOf(client) {
      const web = webOf<Request>(client, { subject: () => ({ subjectKey: "alice" }) });
      return () => {
        const request = newRequest();
        return calls(web, request, request);
      };
    },
  },
  {
    name: "the context of React Router, although each loader has its own request",
    callsOf(client) {
      const web = webOf<Loader>(client, {
        subject: ({ request }) => ({ subjectKey: request.headers.get("cookie") }),
        requestKey: ({ context }) => context,
      });
      return () => {
        const context = {};
        const [parent, child] = [newRequest("alice"), newRequest("alice")];
        return calls(web, { context, request: parent }, { context, request: child });
      };
    },
  },
  {
    name: "Next's headers, also in route handlers and server actions",
    callsOf(client) {
      let current = new Headers();
      const web = webOf<undefined>(client, {
        subject: async () => ({ subjectKey: "alice" }),
        requestKey: async () => current,
      });
      return () => {
        current = new Headers();
        return calls(web, undefined, undefined);
      };
    },
  },
  {
    name: "the promise that React's cache returns",
    callsOf(client) {
      let current: Promise<WebSubject>;
      const web = webOf<undefined>(client, { subject: () => current });
      return () => {
        current = Promise.resolve({ subjectKey: "alice" });
        return calls(web, undefined, undefined);
      };
    },
  },
];

function calls<Visit>(web: ReturnType<typeof webOf<Visit>>, parent: Visit, child: Visit) {
  return {
    value: async () => (await web.flags(parent)).getStringAssignment("checkout", "standard"),
    shown: async () => (await web.snapshot({ checkout: "none" }, child)).values["checkout"],
  };
}

describe.each(WAYS)("flags and snapshot that share $name", ({ callsOf }) => {
  it("have one configuration, and the next request has the next one", async () => {
    const { change, client } = shop();
    const next = callsOf(client);
    const first = next(1);
    expect(await first.value()).toBe("fast");
    change();
    expect(await first.shown()).toBe("fast");
    expect(client.status.counters.exposures.kept).toBe(1);
    const second = next(2);
    expect([await second.value(), await second.shown()]).toEqual(["standard", "standard"]);
  });
});

describe("a request that changes its visitor", () => {
  interface Visit {
    user: string | null;
    cookie?: string;
  }
  const WEBS = [
    { name: "the request", requestKey: undefined },
    { name: "a key", requestKey: (visit: Visit) => visit },
    { name: "a key that lives for ever", requestKey: () => SEAL },
  ];

  it.each(WEBS)("has the flags and overrides of each call, with $name", async ({ requestKey }) => {
    const { change, client, events } = shop();
    const override = { flags: { checkout: "standard" }, expiresInSeconds: 60 };
    const web = webFlags<ShopFlags, Visit>({
      ...{ client, ...SEAL, requestKey, subject: ({ user }) => ({ subjectKey: user }) },
      overrideCookie: ({ cookie }) => cookie,
    });
    const visit: Visit = { user: "alice", cookie: await sealOverrides({ ...SEAL, ...override }) };
    const read = async () => (await web.flags(visit)).getStringAssignment("checkout", "none");
    expect(await read()).toBe("standard");
    delete visit.cookie;
    expect(await read()).toBe("fast");
    change();
    expect(await read()).toBe("fast");
    visit.user = "bob"; // logs in
    expect(await read()).toBe("standard");
    expect(await postShown(web.POST, await web.snapshot(DEFAULTS, visit), ["checkout"])).toBe(204);
    expect(events).toMatchObject([{ subject: "bob", variation: "standard" }]);
    visit.user = null; // logs out
    expect(await read()).toBe("none");
    expect(await web.snapshot(DEFAULTS, visit)).toMatchObject({ token: null });
  });

  it("keeps its configuration for a minute, so that no key disables a kill switch", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { change, client } = shop();
    const subject = () => ({ subjectKey: "alice" });
    const { flags } = webOf<undefined>(client, { subject, requestKey: () => SEAL });
    const read = async () => (await flags()).getStringAssignment("checkout", "standard");
    expect(await read()).toBe("fast");
    change();
    vi.advanceTimersByTime(59_999);
    expect(await read()).toBe("fast");
    vi.advanceTimersByTime(1);
    expect(await read()).toBe("standard");
  });
});

describe("a subject that an application keeps for longer than a request", () => {
  const cached = { subjectKey: "alice" };

  it("does not pin the visitor's flags", async () => {
    const { change, client } = shop();
    const subjects = [(_: Request) => cached, async (_: Request) => cached, () => cached];
    const webs = subjects.map((subject) => webFlags({ client, ...SEAL, subject }));
    const valuesOf = () =>
      Promise.all(
        webs.map(async ({ flags }, i) => {
          const f = await flags(i < 2 ? newRequest() : undefined);
          return f.getStringAssignment("checkout", "none");
        }),
      );
    expect(await valuesOf()).toEqual(["fast", "fast", "fast"]);
    change();
    expect(await valuesOf()).toEqual(["standard", "standard", "standard"]);
  });

  it("does not serve a tester's override to others, or the failure of one request to the next", async () => {
    const { client } = shop();
    const token = await sealOverrides({
      ...SEAL,
      flags: { checkout: "standard" },
      expiresInSeconds: 60,
    });
    let isDown = true;
    const web = webFlags({
      client: () => {
        if (isDown) throw new Error("not initialized");
        return client;
      },
      ...SEAL,
      subject: (_: Request) => cached,
      overrideCookie: ({ headers }: Request) => headers.get("cookie"),
    });
    await expect(web.snapshot(DEFAULTS, newRequest())).rejects.toThrow("not initialized");
    isDown = false;
    const shown = [];
    for (const request of [newRequest(token), newRequest()]) {
      shown.push((await web.snapshot(DEFAULTS, request)).values["checkout"]);
    }
    expect(shown).toEqual(["standard", "fast"]);
  });
});

describe("webFlags", () => {
  it("asks for the request if one of its functions reads it", async () => {
    const { client } = shop();
    const subject = () => ({ subjectKey: "alice" });
    const bySubject = webOf<Request>(client, { subject: (_) => subject() });
    await expect(bySubject.flags()).rejects.toThrow(/^request: .* your `subject` reads it/);
    const byKey = webOf<Request>(client, { subject, requestKey: (request) => request });
    await expect(byKey.flags()).rejects.toThrow(/^request: .* your `requestKey` reads it/);
  });

  it("rejects a request key that is no object", async () => {
    const { client } = shop();
    for (const key of ["id", undefined, null, 7]) {
      const web = webOf<undefined>(client, {
        subject: () => null,
        requestKey: () => key as never,
      });
      await expect(web.flags()).rejects.toThrow(
        /^requestKey: expected a function that returns an object/,
      );
    }
  });
});
