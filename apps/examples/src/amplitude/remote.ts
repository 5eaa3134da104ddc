// For production: set AMPLITUDE_DEPLOYMENT_KEY and leave AMPLITUDE_SERVER_URL unset; in the EU add `serverZone: "eu"`.
import { Experiment } from "@sortition/amplitude";

const experiment = Experiment.initializeRemote(
  process.env["AMPLITUDE_DEPLOYMENT_KEY"] ?? "example",
  {
    serverUrl: process.env["AMPLITUDE_SERVER_URL"],
    fetchTimeoutMillis: 2_000,
    fetchRetries: 1,
    fetchRetryBackoffMinMillis: 50,
    fetchDeadlineMillis: 5_000,
  },
);

const user = {
  user_id: "anna",
  device_id: "d-1",
  user_properties: { premium: true },
};

const variants = await experiment.fetchV2(user);
if (variants["new-checkout"]?.value === "on") console.log("the new checkout");
console.log("its title:", variants["new-checkout"]?.payload);

const some = await experiment.fetchV2(user, {
  flagKeys: ["banner"],
  tracksAssignment: false,
  tracksExposure: true,
});
console.log("requested flags:", Object.keys(some).join());
if (some["banner"]?.metadata?.["default"]) console.log("no banner for this user");

await new Promise<void>((done) => {
  experiment.fetchAsyncV2(user, (asked, fetched, error) => {
    if (error) console.error("could not fetch the variants", error);
    else console.log(`called back for ${asked.user_id}:`, fetched["new-checkout"]?.value);
    done();
  });
});

// Prints:
//   the new checkout
//   its title: { title: 'Pay faster' }
//   requested flags: banner
//   no banner for this user
//   called back for anna: on
