/** What `sortition-relay help` prints. */
export const HELP = `Usage: sortition-relay --config FILE [--listen ADDRESS]
       sortition-relay --dialect NAME [--host HOST] [--listen ADDRESS]
       sortition-relay COMMAND

Fetches flags from Eppo, GrowthBook, Amplitude or PostHog, and serves them to SDKs in any language.

Options:
  --config FILE     environments, tokens and addresses, as JSON
  --dialect NAME    one environment: eppo, growthbook, amplitude or posthog. Its key is in the variable
                    SORTITION_RELAY_KEY, PostHog's project key in SORTITION_RELAY_PROJECT_KEY
  --host HOST       with --dialect: eu, us, or the URL of the vendor's server. Default: the vendor's cloud
  --listen ADDRESS  a port on 127.0.0.1, or host:port. Default: 8080

Commands:
  check FILE        checks a configuration, with a request to each vendor; --offline sends none and needs no secrets
  token             prints a new token, and its SHA-256 for the configuration
  health            checks whether a running relay is ready: --listen ADDRESS, or --config FILE
  help, version     print this text, or the version

SORTITION_RELAY_CONFIG and SORTITION_RELAY_LISTEN are the defaults of --config and --listen.

Signals: SIGTERM and SIGINT stop the relay after open requests, SIGHUP reloads the configuration.

Exit codes: 0 success; 1 a vendor refused, the relay is not ready, or exposures were lost; 2 an invalid option or file.
`;
