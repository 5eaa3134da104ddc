import "./outbox-clocks.test.js";
