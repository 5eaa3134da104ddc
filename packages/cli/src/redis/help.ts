import { type CommandHelp, HELP_OPTION, JSON_OPTION } from "../help/command-help.js";

export const REDIS_STATUS: CommandHelp = {
  name: "redis status",
  summary: "show the state of a fleet that shares its configuration in Redis",
  usage: "--url URL --namespace NAME [OPTIONS]",
  about: [
    "Shows the state of a fleet of workers that shares its configuration in Redis: which worker polls, which",
    "configuration is stored and how old it is, the number of subscribers, and the state of the outbox. Sends only",
    "read-only commands and does not scan keys. Requires the packages @sortition/redis and ioredis.",
  ],
  options: [
    {
      name: "url",
      value: "URL",
      help: [
        "redis://… or rediss://…; for a Redis Cluster, any of its nodes",
        "(default: the variable SORTITION_REDIS_URL)",
      ],
    },
    {
      name: "namespace",
      value: "NAME",
      help: ["the fleet's namespace: see fleet.status.namespace or the log line `became leader`"],
    },
    {
      name: "prefix",
      value: "PREFIX",
      help: ["the prefix of the fleet's keys (default: sortition)"],
    },
    JSON_OPTION,
    HELP_OPTION,
  ],
  exitCodes: {
    0: "the fleet is healthy",
    1: "the fleet is overdue (no worker polls) or empty (no configuration is stored)",
    2: "usage error, Redis is unreachable or unusable, or a package is missing; nothing is written to stdout",
  },
  example: [
    "SORTITION_REDIS_URL=redis://cache:6379 sortition redis status --namespace eppo-1f9a30c2b7d4",
  ],
};
