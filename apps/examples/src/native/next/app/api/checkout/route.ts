// app/api/checkout/route.ts of a Next application: one client per process, created by instrumentation.ts.
import { getInstance, type SubjectClient } from "@sortition/node";

/** The response depends on the request, so it must not be rendered at build time. */
export const dynamic = "force-dynamic";

/** The flags of the user who sent the request. Their values do not change during the request. */
function flagsOf(request: Request): SubjectClient {
  const { pathname, searchParams } = new URL(request.url);
  return getInstance().forSubject({
    subjectKey: searchParams.get("user") ?? "anonymous",
    // Attributes for the rules.
    attributes: { path: pathname, language: request.headers.get("accept-language") },
  });
}

export async function GET(request: Request): Promise<Response> {
  const flags = flagsOf(request);
  const checkout = flags.getStringAssignment("test-checkout", "standard_checkout");
  const columns = flags.getIntegerAssignment("column-count", 2);
  return Response.json({ userId: flags.subjectKey, checkout, columns });
}
