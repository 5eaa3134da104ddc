import "./disk-cache.test.js";
