// app/api/checkout/route.ts of a Next application: one client per process, created by instrumentation.ts.
import { type Attributes, getInstance } from "@sortition/node";

/** The response depends on the request, so it must not be rendered at build time. */
export const dynamic = "force-dynamic";

/** Attributes for the rules, from the request. */
function attributesOf(request: Request): Attributes {
  return {
    path: new URL(request.url).pathname,
    language: request.headers.get("accept-language"),
  };
}

export async function GET(request: Request): Promise<Response> {
  const userId = new URL(request.url).searchParams.get("user") ?? "anonymous";
  const checkout = getInstance().getStringAssignment(
    "test-checkout",
    userId,
    attributesOf(request),
    "standard_checkout",
  );
  return Response.json({ userId, checkout });
}
