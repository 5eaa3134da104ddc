import type { RouteHandler, Snapshot } from "../../src/server.js";

/** Posts a body to a route, and returns the status. */
export async function postBody(
  route: RouteHandler,
  body: ConstructorParameters<typeof Response>[0],
): Promise<number> {
  const request = new Request("https://shop.example/api/exposures", {
    method: "POST",
    body,
    ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
  } as RequestInit);
  const response = await route(request);
  if ((await response.text()) !== "") throw new Error("the response has a body");
  if (response.headers.get("cache-control") !== "no-store") throw new Error("it can be stored");
  return response.status;
}

/** Posts the exposures of flags, as the reader does. For an unknown flag, it posts an impossible index. */
export async function postShown(
  route: RouteHandler,
  { logs, token }: Pick<Snapshot, "logs" | "token">,
  flags: readonly string[],
): Promise<number> {
  const f = flags.map((it) => logs.indexOf(it));
  return await postBody(route, JSON.stringify({ t: token, f }));
}
