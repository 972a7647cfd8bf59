// Validates messages of Amazon SNS with sns-validator as it is. Node.js of version 20 does
// not read HTTPS_PROXY, so its connections are made through the proxy here. Prints for each
// message of the argument whether it is valid, and why not.
const http = require("http"), https = require("https"), tls = require("tls");
const task = JSON.parse(process.argv[2]);
const proxy = new URL(process.env.HTTPS_PROXY);
https.globalAgent.createConnection = (options, done) => {
  const request = http.request({ host: proxy.hostname, port: proxy.port, method: "CONNECT", path: `${options.host}:${options.port}` });
  request.on("connect", (answer, socket) => {
    if (answer.statusCode !== 200) return done(new Error(`the proxy answered ${answer.statusCode}`));
    done(null, tls.connect({ socket, servername: options.host }));
  });
  request.on("error", done);
  request.end();
};
const Validator = require(task.modules + "/node_modules/sns-validator");
const validator = new Validator();
Promise.all(task.messages.map((m) => new Promise((resolve) => validator.validate(m, (error) => resolve(error ? error.message : "valid")))))
  .then((all) => { console.log(JSON.stringify(all)); process.exit(0); });
