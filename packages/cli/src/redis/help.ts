import { type CommandHelp, HELP_OPTION, JSON_OPTION } from "../help/command-help.js";

export const REDIS_STATUS: CommandHelp = {
  name: "redis status",
  summary: "show the state of a fleet that shares its configuration in Redis",
  usage: "--url URL --namespace NAME [OPTIONS]",
  about: [
    "Shows the state of a fleet of workers that shares its configuration in Redis: who polls, what is stored",
    "and how old it is, who listens, and what waits in the outbox. Sends read-only commands, and none that",
    "walks over keys. Needs @sortition/redis and ioredis beside this command.",
  ],
  options: [
    {
      name: "url",
      value: "URL",
      help: [
        "redis://… or rediss://… (default: the variable SORTITION_REDIS_URL)",
        "of a Cluster, any of its nodes",
      ],
    },
    {
      name: "namespace",
      value: "NAME",
      help: ["the fleet: fleet.status.namespace, or the log line `became leader`"],
    },
    {
      name: "prefix",
      value: "PREFIX",
      help: ["what its keys begin with (default: sortition)"],
    },
    JSON_OPTION,
    HELP_OPTION,
  ],
  exitCodes: {
    0: "healthy",
    1: "overdue (no worker polls), or empty (no configuration is stored)",
    2: "usage error, Redis cannot be reached or used, or a package is missing; nothing is written to stdout",
  },
  example: [
    "SORTITION_REDIS_URL=redis://cache:6379 sortition redis status --namespace eppo-1f9a30c2b7d4",
  ],
};
