// All failures and releases of ioredis.
import "./connection.test.js";
