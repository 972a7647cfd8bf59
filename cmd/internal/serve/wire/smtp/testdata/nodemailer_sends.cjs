// Sends messages through a pool of Nodemailer's connections over STARTTLS, as the argument
// says, and prints the reply to each, or the refusal.
const task = JSON.parse(process.argv[2]);
const mailer = require(task.modules + "/node_modules/nodemailer").createTransport({
  host: "localhost", port: task.port, requireTLS: true, pool: true, maxConnections: 3, maxMessages: 5,
  auth: { user: "AKIA", pass: task.password }, tls: { ca: require("fs").readFileSync(task.ca) },
});
const sends = Array.from({ length: task.messages }, (_, i) => mailer.sendMail({
  from: "Shop <a@x.example>", to: `r${i}@y.example`, subject: `number ${i}`, text: "..\n.\nend",
  headers: { "X-SES-CONFIGURATION-SET": "news", "X-SES-MESSAGE-TAGS": "campaign=spring" },
}));
Promise.allSettled(sends).then((all) => {
  console.log(JSON.stringify(all.map((r) => r.reason ? r.reason.response : r.value.response)));
  mailer.close();
});
