// For production: set POSTHOG_PROJECT_API_KEY, and leave POSTHOG_HOST unset (in the EU: https://eu.i.posthog.com).
import {
  alias,
  capture,
  groupIdentify,
  identifyContext,
  newContext,
  set,
  setOnce,
  settings,
  shutdown,
  tag,
} from "@sortition/posthog";

settings.projectApiKey = process.env["POSTHOG_PROJECT_API_KEY"] ?? "phc_example";
settings.host = process.env["POSTHOG_HOST"] ?? null;
settings.beforeSend = (message) => {
  const { groups, properties } = message;
  const { plan, price, $context_tags: tags } = properties;
  const who = properties["$process_person_profile"] === false ? "no person" : "a person";
  console.log(message.event, JSON.stringify({ who, plan, price, groups, tags }));
  return message;
};

// Outside a context, the call names the person. Without `distinctId`, the event has no person.
capture("movie bought", {
  distinctId: "anna",
  properties: { price: 12, plan: "team" },
  groups: { company: "acme" },
});
capture("page seen");

// In a context, each event has the context's person and tags.
newContext(() => {
  identifyContext("anna");
  tag("plan", "team");
  capture("movie started");
  capture("movie rated", { properties: { plan: "solo" } });
});

// Properties of persons and groups.
set({ distinctId: "anna", properties: { plan: "team" } });
setOnce({ distinctId: "anna", properties: { first_movie: "Metropolis" } });
groupIdentify("company", "acme", { properties: { seats: 40 }, distinctId: "anna" });
// From now on, events of this anonymous visitor belong to anna.
alias("visitor-17", "anna");

await shutdown(); // sends waiting events

// Prints:
//   movie bought {"who":"a person","plan":"team","price":12,"groups":{"company":"acme"}}
//   page seen {"who":"no person"}
//   movie started {"who":"a person","plan":"team","tags":["plan"]}
//   movie rated {"who":"a person","plan":"solo","tags":["plan"]}
//   $set {"who":"a person"}
//   $set_once {"who":"a person"}
//   $groupidentify {"who":"a person"}
//   $create_alias {"who":"a person"}
