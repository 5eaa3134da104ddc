import { expect } from "vitest";
import { sendHostileRequests } from "../../../tools/test-kit/src/hostile-requests.ts";

const OWN = { "sec-fetch-site": "same-origin" };

/** How the routes of an application are tested. */
export interface TestedRoutes {
  /** Address of the application. */
  readonly url: string;
  /** Returns the body that a page of a new visitor posts. */
  newBody(url: string): Promise<unknown>;
  /** A token of overrides. */
  readonly token: string;
  /** Whether the server refuses forms before our route. */
  readonly hasForms?: boolean;
}

/**
 * Sends a page's requests to the routes of an application, and those of nobody's page.
 *
 * @returns the statuses of hostile requests by name.
 */
export async function exerciseRoutes({
  hasForms = true,
  newBody,
  token,
  url,
}: TestedRoutes): Promise<Readonly<Record<string, number>>> {
  const expose = async (type: string): Promise<number> => {
    const body = JSON.stringify(await newBody(url));
    const headers = { "content-type": type, origin: url };
    return (await fetch(`${url}/api/exposures`, { method: "POST", headers, body })).status;
  };
  const submit = async (fields: Record<string, string>) => {
    const response = await fetch(`${url}/api/overrides`, {
      method: "POST",
      headers: { ...OWN, origin: url },
      body: new URLSearchParams(fields),
      redirect: "manual",
    });
    return [response.status, response.headers.get("set-cookie")?.split(";").slice(0, 2).join(";")];
  };
  expect(await expose("application/json")).toBe(204);
  const page = await fetch(`${url}/api/overrides?t=${token}`);
  expect([page.status, await page.text()]).toEqual([
    200,
    expect.stringContaining("Show these variations"),
  ]);
  if (hasForms) {
    const set = expect.stringMatching(/^sortition_overrides=1\.[\w-]+; Max-Age=\d\d$/);
    expect(await submit({ t: token })).toEqual([303, set]);
    expect(await submit({ remove: "all" })).toEqual([303, "sortition_overrides=; Max-Age=0"]);
    expect(await submit({})).toEqual([400, undefined]);
  } else expect((await submit({ t: token }))[0]).toBe(415);
  const { "no Host": _, ...statuses } = await sendHostileRequests(`${url}/api/exposures`);
  expect(await expose("application/json")).toBe(204);
  return statuses;
}
