// Sends mail with the real Nodemailer in virtual time, over sockets that end in this process.

import { createRequire } from "node:module";
import { Duplex } from "node:stream";
import { Clock, Service, outcome, task } from "./virtual.mjs";

const require = createRequire(task.modules + "/");
const nodemailer = require("nodemailer");
const { version } = require("nodemailer/package.json");

// Session is a socket with SES's SMTP endpoint behind it.
class Session extends Duplex {
  #service;
  #line = "";
  #data = false;

  constructor(service) {
    super();
    this.#service = service;
    this.push("220 email-smtp.amazonaws.com ESMTP\r\n");
  }

  setKeepAlive() {}
  setTimeout() {}
  setNoDelay() {}
  _read() {}

  _write(chunk, encoding, done) {
    const lines = (this.#line + chunk).split("\r\n");
    this.#line = lines.pop();
    for (const line of lines) this.#take(line);
    done();
  }

  #take(line) {
    if (this.#data) {
      if (line !== ".") return;
      this.#data = false;
      this.#service.accepts().then((accepted) => this.#say(accepted ? "250 Ok" : "454 Throttling failure: Maximum sending rate exceeded."));
      return;
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "DATA") this.#data = true;
    this.#say({ EHLO: "250-email-smtp.amazonaws.com\r\n250 Ok", DATA: "354 End data with <CR><LF>.<CR><LF>", QUIT: "221 Bye" }[verb] ?? "250 Ok");
    if (verb === "QUIT") this.push(null);
  }

  #say(text) { if (!this.destroyed) this.push(text + "\r\n"); }
}

for (let i = 0; i < task.runs; i++) {
  const clock = new Clock(), service = new Service(clock);
  const transport = nodemailer.createTransport({ ...task.options, secure: false, ignoreTLS: true, getSocket: (_, socket) => socket(null, { connection: new Session(service) }) });
  await outcome(clock, service, version, () => transport.sendMail({ from: "a@a.example", to: "b@b.example", text: "x" }).then(() => true, (problem) => {
    if (problem.responseCode !== 454) throw problem;
    return false;
  }));
  transport.close();
}
