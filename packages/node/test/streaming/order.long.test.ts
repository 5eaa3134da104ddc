import "./order.test.js";
