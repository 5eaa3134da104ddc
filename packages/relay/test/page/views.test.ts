import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { serverOf, VENDORS } from "../formats.js";
import { ENVIRONMENTS, relayOf } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

describe.each(VENDORS.filter((_, i) => isInPart(i, 1)))("the pages of flags of %s", (vendor) => {
  it("show evaluations, the list of flags, a single flag, and changes", async () => {
    const { flags, server } = await serverOf(vendor);
    const relay = await relayOf({ environments: [ENVIRONMENTS[vendor](server.url)] });
    const name = vendor.toLowerCase();
    const visitor = new Visitor(relay);

    expect((await visitor.get("/")).headers.get("location")).toBe(`/page/${name}/subject`);
    const empty = await visitor.get(`/page/${name}/subject`);
    expect(empty).toMatchObject({ status: 200, type: "text/html; charset=UTF-8" });
    const subject = { key: "user-1", name: "country", value: "DE" };
    const list = textOf((await visitor.post(`/page/${name}/subject`, subject)).text);
    expect(list).toContain("Evaluate1 flag for user-1checkout");
    expect(list).toMatch(/checkout.*(fast|standard)/);
    const opened = await visitor.post(`/page/${name}/subject`, { ...subject, flag: "checkout" });
    expect(textOf(opened.text)).toMatch(/matched: otherwise|matched: Condition set 1 applies/);
    expect(textOf(opened.text)).toMatch(/Answer {3}"?(fast|standard)/);
    expect(textOf(opened.text)).toContain(`sortition explain --dialect=${name}`);

    expect(textOf((await visitor.get(`/page/${name}/flags`)).text)).toContain("checkout");
    const flag = textOf((await visitor.get(`/page/${name}/flag?key=checkout`)).text);
    expect(flag).toMatch(/fast:\s*30%/);

    flags.string("search").variations("old", "new").otherwise("new");
    await relay.environments[0]?.requestRefresh();
    await expect
      .poll(async () => textOf((await visitor.get(`/page/${name}/changes`)).text))
      .toContain("1 change seen");
    const { text } = await visitor.get(`/page/${name}/changes`);
    const [, address = ""] = /href="(\/page\/\w+\/change\?[^"]*)"/.exec(text) ?? [];
    const change = textOf((await visitor.get(address.replaceAll("&amp;", "&"))).text);
    expect(change).toMatch(/1 flag[\s\S]*search\s*added\s*variations /);
    expect(textOf(text)).toMatch(/search\s*added\s*variations /);
    expect(textOf((await visitor.get("/page")).text)).toContain("Last change");
  });
});
