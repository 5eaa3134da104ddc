// @vitest-environment happy-dom
import { act, createElement as h, type ReactElement, StrictMode, useState } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { createHooks, type Snapshot } from "../src/react.js";

type HtmlElement = Element & {
  innerHTML: string;
  readonly textContent: string | null;
  appendChild<Child>(child: Child): Child;
};

/** The part of the DOM that the tests use, because the compiler's DOM would apply to the sources too. */
declare const document: {
  readonly body: HtmlElement;
  createElement(name: string): HtmlElement;
};

interface AppFlags {
  checkout: { string: "fast" | "standard" };
  columns: { integer: 2 | 3 };
  banner: { json: { text: string }; default?: null };
}

const { Exposed, FlagsProvider, TestFlags, useFlag, useFlagValue, useReport } =
  createHooks<AppFlags>();

let tokens = 0;

function newSnapshot(checkout: string): Snapshot {
  tokens += 1;
  return {
    v: 1,
    values: { checkout, columns: 3 },
    logs: ["checkout", "columns"],
    ids: [`checkout-${tokens}`, `columns-${tokens}`],
    overridden: [],
    url: "/api/exposures",
    token: `1.hooks-${tokens}`,
  };
}

function Pay(): ReactElement {
  return h("p", null, `pay ${useFlag("checkout", "standard")}`);
}

const send = vi.fn(async (_url: string, _init: RequestInit) => ({ status: 204 }));
const shown = () => send.mock.calls.map(([, { body }]) => JSON.parse(`${body}`).f);
/** Errors and warnings of React. */
const errors = vi.fn();

beforeEach(() => {
  send.mockClear();
  errors.mockClear();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  // Clients of other tests may still retry, to their own servers. (This file is also copied to where there is no test kit.)
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) =>
    url.startsWith("/") ? await send(url, init) : await Promise.reject(new TypeError(url)),
  );
  vi.spyOn(console, "error").mockImplementation(errors);
  return () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    document.body.innerHTML = "";
  };
});

async function render(element: ReactElement): Promise<{ text(): string; unmount(): void }> {
  const container = document.body.appendChild(document.createElement("div"));
  const root = createRoot(container);
  await act(async () => root.render(element));
  return { text: () => container.textContent ?? "", unmount: () => act(() => root.unmount()) };
}

describe("useFlag", () => {
  it("returns the value in the first render, and sends one request for a commit, also in StrictMode", async () => {
    const page = h(
      FlagsProvider,
      { snapshot: newSnapshot("fast") },
      h(Pay),
      h(Pay),
      h(Exposed, { flag: "columns" }),
    );
    const { text } = await render(h(StrictMode, null, page));
    expect(text()).toBe("pay fastpay fast");
    expect(shown()).toEqual([[0, 1]]);
    expect(errors).not.toHaveBeenCalled();
  });

  it("sends nothing on the server, and hydrates without a warning", async () => {
    const page = () => h(FlagsProvider, { snapshot }, h(Pay));
    const snapshot = newSnapshot("fast");
    const html = renderToString(page());
    expect(html).toBe("<p>pay fast</p>");
    await Promise.resolve();
    expect(send).not.toHaveBeenCalled();
    const container = document.body.appendChild(document.createElement("div"));
    container.innerHTML = html;
    await act(async () => void hydrateRoot(container, page()));
    expect(container.innerHTML).toBe(html);
    expect(shown()).toEqual([[0]]);
    expect(errors).not.toHaveBeenCalled();
  });

  it("reads a new snapshot instead of the old one, and logs a variation that comes back, but not the same one again", async () => {
    let show: (snapshot: Snapshot) => void = () => {};
    function Page(): ReactElement {
      const [snapshot, setSnapshot] = useState(first);
      show = setSnapshot;
      return h(FlagsProvider, { snapshot }, h(Pay));
    }
    const first = newSnapshot("fast");
    const { text, unmount } = await render(h(Page));
    await act(async () => show(newSnapshot("standard")));
    expect(text()).toBe("pay standard");
    await act(async () => show(structuredClone(first)));
    expect(text()).toBe("pay fast");
    unmount();
    await render(h(Page));
    expect(shown()).toEqual([[0], [0], [0]]);
  });

  it("without a provider throws one sentence, even below the provider of other hooks", async () => {
    const other = createHooks();
    await expect(
      render(h(other.FlagsProvider, { snapshot: newSnapshot("fast") }, h(Pay))),
    ).rejects.toThrow(
      "useFlag needs a <FlagsProvider> above it (in a test, <TestFlags>) from the same createHooks()",
    );
    await expect(render(h(Exposed, { flag: "checkout" }))).rejects.toThrow(/^<Exposed> needs a/);
  });

  it("accepts the keys and values of the flags only", () => {
    type Checkout = ReturnType<typeof useFlag<"checkout", "standard">>;
    expectTypeOf<Checkout>().toEqualTypeOf<"fast" | "standard">();
    type Banner = ReturnType<typeof useFlag<"banner", null>>;
    expectTypeOf<Banner>().toEqualTypeOf<{ text: string } | null>();
    // @ts-expect-error: no such flag
    void (() => useFlag("chekout", "standard"));
    // @ts-expect-error: no such flag
    void (() => useFlagValue("chekout", "standard"));
    // @ts-expect-error: no such flag
    void (() => useReport()("chekout"));
    // @ts-expect-error: no such variation
    void (() => useFlag("checkout", "slow"));
    const untyped = createHooks();
    expectTypeOf(untyped.useFlag<"standard">).returns.toEqualTypeOf<string>();
  });
});

describe("useFlag", () => {
  it("reports nothing if the flag has another type, because the default is shown", async () => {
    const untyped = createHooks();
    const snapshot = newSnapshot("fast");
    const text = (value: unknown) => h("p", null, String(value));
    const Wrong = () => text(untyped.useFlag("checkout", false));
    const Missing = () => text((untyped.useFlag as (key: string) => unknown)("checkout"));
    for (const [Component, value] of [
      [Wrong, "false"],
      [Missing, "undefined"],
    ] as const) {
      const page = await render(h(untyped.FlagsProvider, { snapshot }, h(Component)));
      expect(page.text()).toBe(value);
    }
    expect(send).not.toHaveBeenCalled();
  });

  it.each([
    { given: "chekout", isReported: true },
    { given: "checkuot", isReported: true },
    { given: "checkouts", isReported: true },
    { given: "checkoux", isReported: false },
    { given: "columns", isReported: false },
  ])("reports a misspelled flag, but no other flag: $given", async ({ given, isReported }) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await render(h(TestFlags, { values: { [given]: 1 } as never }, h(Pay)));
    const text = `<TestFlags> has "${given}", but no "checkout": is one misspelled?`;
    expect(warn.mock.calls.flat()).toEqual(isReported ? [`@sortition/web: ${text}`] : []);
  });
});

describe("useFlagValue and useReport", () => {
  it("read without reporting, and report on an event", async () => {
    let report: () => void = () => {};
    function Pay(): ReactElement {
      const reportFlag = useReport();
      report = () => reportFlag("checkout");
      return h("p", null, useFlagValue("checkout", "standard"));
    }
    const { text } = await render(
      h(StrictMode, null, h(FlagsProvider, { snapshot: newSnapshot("fast") }, h(Pay))),
    );
    expect(text()).toBe("fast");
    expect(send).not.toHaveBeenCalled();
    for (let i = 0; i < 2; i++) report();
    await Promise.resolve();
    expect(shown()).toEqual([[0]]);
  });
});

describe("a prop that a provider does not have", () => {
  it.each([
    { component: FlagsProvider, text: "write <FlagsProvider snapshot={…}>, not value" },
    { component: FlagsProvider, prop: "flags", text: "snapshot={…}>, not flags" },
    { component: TestFlags, text: "write <TestFlags values={…}>" },
  ])("is reported: $text", async ({ component, prop = "value", text }) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await render(h(component as never, { [prop]: {} }, h(Pay)));
    expect(warn.mock.calls.flat().filter((it) => `${it}`.includes(text))).toHaveLength(1);
  });
});

describe("TestFlags", () => {
  it("provides values, defaults for other flags, and sends nothing", async () => {
    const { text } = await render(h(TestFlags, { values: { checkout: "fast" } }, h(Pay)));
    expect(text()).toBe("pay fast");
    const { text: other } = await render(h(TestFlags, { values: {} }, h(Pay)));
    expect(other()).toBe("pay standard");
    expect(send).not.toHaveBeenCalled();
  });
});
