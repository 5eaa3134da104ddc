import "./proxy.test.js";
