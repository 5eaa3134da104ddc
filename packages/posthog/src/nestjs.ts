import { type NotThere, notThere } from "./client/not-there.js";

/** Not supported: the interceptor for NestJS. Throws. */
export const PostHogInterceptor: NotThere = /* @__PURE__ */ notThere(
  "PostHogInterceptor",
  "call setupExpressRequestContext(client, app.getHttpAdapter().getInstance()), and captureException in an exception filter",
  "@sortition/posthog/nestjs",
);
