// For production: set POSTHOG_PROJECT_API_KEY, and leave POSTHOG_HOST unset (in the EU: https://eu.i.posthog.com).
import {
  capture,
  captureException,
  getTags,
  identifyContext,
  newContext,
  scoped,
  setContextDeviceId,
  setContextSession,
  settings,
  shutdown,
  tag,
} from "@sortition/posthog";

settings.projectApiKey = process.env["POSTHOG_PROJECT_API_KEY"] ?? "phc_example";
settings.host = process.env["POSTHOG_HOST"] ?? null;
settings.beforeSend = (message) => {
  const { $session_id: session, job, step } = message.properties;
  console.log(message.event, message.distinctId, JSON.stringify({ session, job, step }));
  return message;
};

/** A wrapped function has its own context, and the same parameters and result. */
const importMovies = scoped()(async (person: string): Promise<number> => {
  identifyContext(person);
  setContextSession("session-1");
  setContextDeviceId("device-1"); // for flags that are bucketed by device
  tag("job", "import");
  for (const step of [1, 2]) {
    newContext(() => {
      tag("step", step);
      capture("step done");
    });
  }
  newContext(() => console.log("a fresh context has", getTags()), { fresh: true });
  return 2;
});

class Shop {
  readonly name = "corner shop";

  /** A wrapped method keeps its `this`. With TypeScript's decorators, write `@scoped()`. */
  readonly close = scoped()(() => {
    tag("job", `close ${this.name}`);
    throw new Error("the till is open");
  });
}

console.log("imported", await importMovies("anna"));
try {
  new Shop().close();
} catch (error) {
  // The error was captured when it left the context, so it is not sent again.
  console.log("captured again:", captureException(error) !== undefined);
}
console.log("outside of all contexts:", getTags());
await shutdown();

// Prints:
//   step done anna {"session":"session-1","job":"import","step":1}
//   step done anna {"session":"session-1","job":"import","step":2}
//   a fresh context has {}
//   imported 2
//   captured again: false
//   outside of all contexts: {}
//   $exception … {"job":"close corner shop"}
