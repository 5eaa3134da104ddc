import "./redis-away.test.js";
